import { createHash, randomUUID } from 'node:crypto';

export type S3Request = {
  method: string;
  bucket: string;
  key: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: Buffer;
};
export type S3Answer = { status: number; headers?: Record<string, string>; body?: Buffer | string };

/** S3 buckets in memory, as far as this product uses them: objects, conditions, ranges, uploads in parts. */
export function inMemoryBuckets() {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();

  function refusal(status: number, code: string): S3Answer {
    return {
      status,
      body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
    };
  }
  function get({ headers }: S3Request, object: Buffer): S3Answer {
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers['range'] ?? '');
    const body = range === null ? object : object.subarray(Number(range[1]), Number(range[2]) + 1);
    return { status: range === null ? 200 : 206, body, headers: { 'content-length': String(body.length) } };
  }
  function listed(bucket: string, prefix: string): S3Answer {
    const contents = [...objects]
      .filter(([name]) => name.startsWith(`${bucket}/${prefix}`))
      .map(
        ([name, object]) =>
          `<Contents><Key>${name.slice(bucket.length + 1)}</Key><Size>${object.length}</Size><ETag>&quot;${etagOf(object)}&quot;</ETag></Contents>`,
      );
    return { status: 200, body: `<ListBucketResult>${contents.join('')}</ListBucketResult>` };
  }
  function complete(name: string, uploadId: string, body: string): S3Answer {
    const parts = uploads.get(uploadId);
    if (parts === undefined) return refusal(404, 'NoSuchUpload');
    const listed = [...body.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: /<ETag>(?:&quot;|")?(\w+)/.exec(part)?.[1],
    }));
    const chosen = listed.map(({ number, etag }) => {
      const part = parts.get(number);
      return part !== undefined && etagOf(part) === etag ? part : null;
    });
    if (chosen.includes(null)) return refusal(400, 'InvalidPart');
    objects.set(name, Buffer.concat(chosen.filter((part) => part !== null)));
    uploads.delete(uploadId);
    return { status: 200, body: '<CompleteMultipartUploadResult/>' };
  }

  function call(request: S3Request): S3Answer {
    const { method, query, body } = request;
    const name = `${request.bucket}/${request.key}`;
    const uploadId = query['uploadId'];
    const object = objects.get(name);
    if (method === 'POST' && 'uploads' in query) {
      const id = randomUUID();
      uploads.set(id, new Map());
      return {
        status: 200,
        body: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      };
    }
    if (method === 'PUT' && uploadId !== undefined) {
      uploads.get(uploadId)?.set(Number(query['partNumber']), body);
      return { status: 200, headers: { etag: `"${etagOf(body)}"` } };
    }
    if (method === 'POST' && uploadId !== undefined) return complete(name, uploadId, body.toString());
    const source = request.headers['x-amz-copy-source'];
    if (method === 'PUT' && source !== undefined) {
      const from = objects.get(decodeURIComponent(source));
      if (from === undefined) return refusal(404, 'NoSuchKey');
      const wanted = request.headers['x-amz-copy-source-if-match']?.replaceAll('"', '');
      if (wanted !== undefined && wanted !== etagOf(from)) return refusal(412, 'PreconditionFailed');
      objects.set(name, from);
      return { status: 200, body: `<CopyObjectResult><ETag>${etagOf(from)}</ETag></CopyObjectResult>` };
    }
    if (method === 'PUT') {
      if (request.headers['if-none-match'] === '*' && object !== undefined) {
        return refusal(412, 'PreconditionFailed');
      }
      objects.set(name, Buffer.from(body));
      return { status: 200 };
    }
    if (method === 'DELETE') {
      objects.delete(name);
      return { status: 204 };
    }
    if (query['list-type'] === '2') return listed(request.bucket, query['prefix'] ?? '');
    if (object === undefined) return method === 'HEAD' ? { status: 404 } : refusal(404, 'NoSuchKey');
    if (method === 'HEAD') return { status: 200, headers: { 'content-length': String(object.length) } };
    if (method === 'GET') return get(request, object);
    throw new Error(`S3's ${method} is not known here`);
  }

  return {
    call,
    /** Objects by `bucket/key`, for tests to look into and to break. */
    objects,
    keysIn: (bucket: string) =>
      [...objects.keys()]
        .filter((name) => name.startsWith(`${bucket}/`))
        .map((name) => name.slice(bucket.length + 1)),
  };
}

function etagOf(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
