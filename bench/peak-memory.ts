import { existsSync, readFileSync } from 'node:fs';

const STATUS = '/proc/self/status';
const KIBIBYTE = 1024;

/**
 * The most memory that this process held at a time, bytes: its resident set's high-water mark. On Linux from its own
 * address space (proc_pid_status(5), VmHWM): getrusage(2) goes on counting from what the process that started it held,
 * since `ru_maxrss` is kept across execve(2).
 */
export function peakMemory(): number {
  if (!existsSync(STATUS)) return process.resourceUsage().maxRSS * KIBIBYTE;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`${STATUS} says nothing of VmHWM`);
  return Number(kilobytes) * KIBIBYTE;
}
