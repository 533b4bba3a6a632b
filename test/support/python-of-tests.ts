import path from 'node:path';
import { terminalProgress } from '../../local/progress.ts';
import { installedPython, type Python } from '../../local/python.ts';
import { readSettings } from '../../local/settings.ts';

/** The Python that the local deployment installs; throws SetupFailure, with what to do, where there is none. */
export function pythonOfTests(): Promise<Python> {
  const settings = readSettings({});
  const requirements = path.join(settings.root, 'local', 'python-requirements.txt');
  return installedPython(requirements, settings.pythonDirectory, terminalProgress(process.stderr));
}
