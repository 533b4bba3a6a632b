import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { BadInputError, FailedError } from './failure.ts';

const outputsSchema = z.looseObject({ apiUrl: z.string() });

const usersSchema = z.record(
  z.string(),
  z.array(
    z.object({
      username: z.string(),
      displayName: z.string(),
      hotel: z.string(),
      department: z.string(),
    }),
  ),
);

/** The folder that `npm run up` fills: `.local` of the repository, or DUALKEY_LOCAL_DIR. */
export function localFolder(): string {
  return resolve(process.env['DUALKEY_LOCAL_DIR'] ?? new URL('../.local', import.meta.url).pathname);
}

export async function apiUrl(): Promise<string> {
  const given = process.env['DUALKEY_API_URL'];
  if (given !== undefined) return given;
  return (await readJson('outputs.json', outputsSchema)).apiUrl;
}

/** The first demo user with this role, at this hotel where one is named. */
export async function demoUser(role: string, hotel?: string): Promise<string> {
  const users = await readJson('users.json', usersSchema);
  const found = (users[role] ?? []).find((user) => hotel === undefined || user.hotel === hotel);
  const any = found ?? users[role]?.[0];
  if (any === undefined) {
    throw new BadInputError({ zh: `没有角色为 ${role} 的演示用户`, en: `no demo user is ${role}` }, '--as', {
      zh: '写 .local/users.json 中的用户',
      en: 'name a user of .local/users.json',
    });
  }
  return any.username;
}

async function readJson<Shape>(name: string, schema: z.ZodType<Shape>): Promise<Shape> {
  const file = resolve(localFolder(), name);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new FailedError(
      {
        zh: `本机没有运行中的部署(缺少 ${file}):请用 \`npm run up\` 启动`,
        en: `nothing is running here (${file} is missing): start it with \`npm run up\``,
      },
      { cause: error },
    );
  }
  return schema.parse(JSON.parse(text));
}
