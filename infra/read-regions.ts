import { readFileSync } from 'node:fs';
import { type RegionConfig, regionsSchema } from '../shared/domain/region-config.ts';

/** The regions file is unreadable or breaks a rule; the message has one line per fault: path and reason. */
export class RegionsFileError extends Error {
  override name = 'RegionsFileError';
}

/** The regions that a chain deploys to. Throws RegionsFileError. */
export function readRegions(file: string): RegionConfig[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RegionsFileError(`${file}: ${reason}`, { cause: error });
  }
  return parseRegions(json, file);
}

export function parseRegions(json: unknown, file = 'infra/regions.json'): RegionConfig[] {
  const result = regionsSchema.safeParse(json);
  if (result.success) return result.data.regions;
  const faults = result.error.issues.map((issue) => `${file}: ${issue.path.join('.')}: ${issue.message}`);
  throw new RegionsFileError(faults.join('\n'), { cause: result.error });
}
