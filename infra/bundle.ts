import { cpSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync, type Metafile } from 'esbuild';
import { FUNCTION_NAMES, FUNCTION_SPECS, type FunctionName } from './function-catalogue.ts';

/** A function has no entry file, or doesn't build. */
export class BundleError extends Error {
  override name = 'BundleError';
}

/** Gives each function's code; how it comes about is the app's choice (most tests need none that runs). */
export type CodeOf = (name: FunctionName) => Code;

// CommonJS inside the bundles (the SDK's dependencies, Cedar's loader) asks for these.
const BANNER = `import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));`;

const CEDAR = '@cedar-policy/cedar-wasm/nodejs';

/**
 * Bundles every function once into `out/<name>/index.mjs`: minified, with the AWS SDK in it (the runtime's own copy
 * changes without notice), Cedar's .wasm beside it where Cedar is used, and the rule set's files where it is published
 * from, with the chain's own `policies` folder. Throws BundleError naming the function.
 */
export function bundleFunctions(root: string, out: string, policies = join(root, 'policies')): CodeOf {
  const missing = FUNCTION_NAMES.map(entryOf).filter((entry) => !existsSync(join(root, entry)));
  if (missing.length > 0) throw new BundleError(`These functions have no entry file: ${missing.join(', ')}`);
  const { outputs } = build(root, out);
  for (const name of FUNCTION_NAMES) {
    const folder = join(out, name);
    const inputs = Object.keys(outputs[relative(root, join(folder, 'index.mjs'))]?.inputs ?? {});
    if (inputs.some((input) => input.includes(`node_modules/${CEDAR}/`))) {
      // Cedar's loader reads it from beside the file that it is in.
      const loader = createRequire(import.meta.url).resolve(CEDAR);
      cpSync(join(dirname(loader), 'cedar_wasm_bg.wasm'), join(folder, 'cedar_wasm_bg.wasm'));
    }
    if (FUNCTION_SPECS[name].shipsRules) {
      cpSync(join(root, 'shared/policy/rules'), join(folder, 'policy'), { recursive: true });
      if (existsSync(policies)) cpSync(policies, join(folder, 'policies'), { recursive: true });
    }
  }
  return (name) => Code.fromAsset(join(out, name));
}

function entryOf(name: FunctionName): string {
  return `functions/${name}/${name}.ts`;
}

/** All in one build: what functions share is parsed once. */
function build(root: string, out: string): Metafile {
  try {
    return buildSync({
      absWorkingDir: root,
      entryPoints: FUNCTION_NAMES.map((name) => ({ in: entryOf(name), out: `${name}/index` })),
      outdir: out,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      minify: true,
      // Errors are told apart by name.
      keepNames: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      // ES modules first, so that what isn't used of the SDK is left out.
      mainFields: ['module', 'main'],
      banner: { js: BANNER },
      sourcemap: false,
      metafile: true,
      logLevel: 'silent',
    }).metafile;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BundleError(`The functions don't build: ${reason}`, { cause: error });
  }
}
