/** Tells whoever waits what is being done, and how long it took. */
export type Progress = {
  step<Result>(title: string, work: () => Promise<Result>): Promise<Result>;
  say(line: string): void;
};

/** On a terminal the running step stands on one line, with its seconds; elsewhere each step is one line when it is done. */
export function terminalProgress(stream: NodeJS.WriteStream = process.stdout): Progress {
  return {
    async step<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
      const begun = performance.now();
      const seconds = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
      const draw = (mark: string) => stream.write(`\r\u001b[K${mark} ${title} ${seconds()}`);
      const ticking = stream.isTTY ? setInterval(() => draw('…'), 200) : null;
      if (stream.isTTY) draw('…');
      try {
        const result = await work();
        stream.write(`${stream.isTTY ? '\r\u001b[K' : ''}✓ ${title} ${seconds()}\n`);
        return result;
      } catch (error) {
        stream.write(`${stream.isTTY ? '\r\u001b[K' : ''}✗ ${title} ${seconds()}\n`);
        throw error;
      } finally {
        if (ticking !== null) clearInterval(ticking);
      }
    },
    say: (line) => {
      stream.write(`${line}\n`);
    },
  };
}
