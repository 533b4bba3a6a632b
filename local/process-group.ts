import { runProgram } from './run-program.ts';

/** Ids of the processes of a group. Throws where `ps` can't be run. */
export async function processGroup(leader: number): Promise<number[]> {
  // Zombies count no more: they only wait for whoever started them.
  const { stdout } = await runProgram('ps', ['-A', '-o', 'pid=,pgid=,stat=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, group, state]) => Number(group) === leader && state?.startsWith('Z') === false)
    .map(([pid]) => Number(pid));
}
