import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { FUNCTION_NAMES, FUNCTION_SPECS, type FunctionName } from './function-catalogue.ts';

/** A function has no entry file, or doesn't build. */
export class BundleError extends Error {
  override name = 'BundleError';
}

/** The repository's root, the folder with the functions, and where the bundles go. */
export type Sources = { root: string; functions: string; out: string };

/** Gives each function's code; how it comes about is the app's choice (tests need none that runs). */
export type CodeOf = (name: FunctionName) => Code;

// CommonJS inside the bundles (the SDK's dependencies, Cedar's loader) asks for these.
const BANNER = `import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));`;

const CEDAR = '@cedar-policy/cedar-wasm';

/**
 * Bundles every function once: `<out>/<name>/index.mjs`, minified, with the AWS SDK in it (the runtime's own copy
 * changes without notice), Cedar's .wasm beside it where Cedar is used, and the rule set's files where it is published
 * from. Throws BundleError naming the function.
 */
export function bundleFunctions(from: Sources): CodeOf {
  const missing = FUNCTION_NAMES.filter((name) => !existsSync(entryOf(from, name)));
  if (missing.length > 0) {
    throw new BundleError(`No entry file for ${missing.map((name) => entryOf(from, name)).join(', ')}`);
  }
  for (const name of FUNCTION_NAMES) bundle(from, name);
  return (name) => Code.fromAsset(join(from.out, name));
}

function entryOf({ functions }: Sources, name: FunctionName): string {
  return join(functions, name, `${name}.ts`);
}

function bundle(from: Sources, name: FunctionName): void {
  const { root, out } = from;
  const folder = join(out, name);
  const fresh = `${folder}.${process.pid}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const { metafile } = build(from, name, join(fresh, 'index.mjs'));
  const wasm = Object.keys(metafile.inputs).find((input) => input.includes(`${CEDAR}/nodejs/`));
  if (wasm !== undefined) {
    const loader = createRequire(import.meta.url).resolve(`${CEDAR}/nodejs`);
    cpSync(join(dirname(loader), 'cedar_wasm_bg.wasm'), join(fresh, 'cedar_wasm_bg.wasm'));
  }
  if (FUNCTION_SPECS[name].shipsRules) {
    cpSync(join(root, 'shared/policy/rules'), join(fresh, 'policy'), { recursive: true });
    const chains = join(root, 'policies');
    if (existsSync(chains)) cpSync(chains, join(fresh, 'policies'), { recursive: true });
  }
  // Swapped in whole, so that another synthesis at the same time never reads half a bundle.
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

function build(from: Sources, name: FunctionName, outfile: string) {
  try {
    return buildSync({
      absWorkingDir: from.root,
      entryPoints: [entryOf(from, name)],
      outfile,
      bundle: true,
      minify: true,
      keepNames: true,
      treeShaking: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: { js: BANNER },
      sourcemap: false,
      metafile: true,
      logLevel: 'silent',
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BundleError(`${entryOf(from, name)} does not build: ${reason}`, { cause: error });
  }
}
