import { readFile } from 'node:fs/promises'
import { Refusal } from '../../service-model/cspkg/refusal.ts'
import { decodeText } from '../../service-model/text.ts'

/** The text of a file that its author gave to `pack`. Throws Refusal with the reason and `hint`, what to do. */
export async function readSourceText(file: string, hint: string): Promise<string> {
  try {
    return decodeText(await readFile(file))
  } catch (error) {
    throw new Refusal(`${file} cannot be read: ${(error as Error).message} ${hint}`)
  }
}
