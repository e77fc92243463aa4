import { createHash } from 'node:crypto'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { damaged, tooMuch } from '../../service-model/cspkg/refusal.ts'
import { decodeText } from '../../service-model/text.ts'
import { type PackageLimits, sizeText } from './limits.ts'
import type { ZipPart } from './open-zip.ts'

/** SHA-256 of a part. Manifests write it in upper-case hexadecimal, package.xml in base64; undefined: not stated. */
export type ExpectedHash = { readonly encoding: 'hex' | 'base64'; readonly digest: string } | undefined

/** Writes a part to a new file, in the mode that its beginning asks for, and checks its hash. Throws Refusal naming the part when the hash is another. */
export async function savePart(
  part: ZipPart,
  file: string,
  expected: ExpectedHash,
  modeOf: (beginning: Buffer) => number = () => 0o644,
): Promise<void> {
  let handle: number | undefined
  try {
    for await (const chunk of hashed(part, expected)) {
      handle ??= openSync(file, 'wx', modeOf(chunk))
      writeFileSync(handle, chunk)
    }
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

/** Reads a part only to check its hash. */
export async function verifyPart(part: ZipPart, expected: ExpectedHash): Promise<void> {
  for await (const _ of hashed(part, expected));
}

/** The text of an XML part, its hash checked. Throws Refusal when it is too long or not decodable. */
export async function readText(part: ZipPart, expected: ExpectedHash, limits: PackageLimits): Promise<string> {
  if (part.sizeBytes > limits.textBytes)
    throw tooMuch(`the part "${part.label}"`, `has ${sizeText(part.sizeBytes)}`, sizeText(limits.textBytes))
  const bytes = await buffer(hashed(part, expected))
  try {
    return decodeText(bytes)
  } catch (error) {
    throw damaged(part.label, `is no readable text (${(error as Error).message})`)
  }
}

async function* hashed(part: ZipPart, expected: ExpectedHash): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of part.bytes()) {
    hash.update(chunk)
    yield chunk
  }
  if (!expected) return
  const found = hash.digest(expected.encoding)
  if (found === expected.digest) return
  throw damaged(
    part.label,
    `does not have the SHA-256 that the manifest states (stated ${expected.digest}, found ${found})`,
  )
}
