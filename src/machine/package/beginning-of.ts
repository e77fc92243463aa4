import type { RoleFile } from './unpack-role.ts'

/** The first bytes of a role's file; the package is open still. */
export async function beginningOf({ part }: RoleFile, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of part.bytes()) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= bytes) break
  }
  return Buffer.concat(chunks).subarray(0, bytes)
}
