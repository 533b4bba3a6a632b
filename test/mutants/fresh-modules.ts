import { registerHooks, stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const STAND_IN = new URL('./test-globals.ts', import.meta.url).href;

/**
 * Imports the repository's own files anew, as often as it is asked, in one process: a mutant that is alive while a module
 * is loaded, and what code keeps in module scope, concern that one load. Packages are loaded once: that and the text of
 * files, which is stripped of its types once, is nearly all of what a process of its own would spend per mutant.
 * `shared/domain` is loaded once too: it imports nothing of what is mutated (test/architecture.test.ts).
 */
export function freshModules(root: string): (file: string, load: number) => Promise<unknown> {
  const own = `${pathToFileURL(root).href}/`;
  const kept = [`${own}node_modules/`, `${own}shared/domain/`, new URL('.', import.meta.url).href];
  const texts = new Map<string, string>();
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === '@jest/globals') return { url: STAND_IN, shortCircuit: true };
      const resolved = nextResolve(specifier, context);
      const load = context.parentURL && new URL(context.parentURL).searchParams.get('load');
      const { url } = resolved;
      const isFresh = load && url.startsWith(own) && !kept.some((folder) => url.startsWith(folder));
      return isFresh && !url.includes('?') ? { ...resolved, url: `${url}?load=${load}` } : resolved;
    },
    load(url, context, nextLoad) {
      if (!url.startsWith(own) || !/\.ts(\?|$)/.test(url)) return nextLoad(url, context);
      const [file = url] = url.split('?');
      const source = texts.get(file) ?? stripTypeScriptTypes(textOf(nextLoad(file, context).source));
      texts.set(file, source);
      return { format: 'module', source, shortCircuit: true };
    },
  });
  return (file, load) => import(`${pathToFileURL(path.join(root, file)).href}?load=${load}`);
}

function textOf(source: unknown): string {
  if (typeof source === 'string') return source;
  if (source instanceof Uint8Array) return Buffer.from(source).toString('utf8');
  throw new TypeError('a module without text');
}
