import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeText } from '../../../../service-model/text.ts'
import { withoutRefused } from '../../../../service-model/web-config/mono-refuses.ts'

/** Files of an application that are looked at, and the bytes of one. Origin: choice; a site has some ten, of a few kB. */
const most = { files: 200, bytes: 1024 * 1024 } as const

/**
 * Takes out of an application's `web.config` files what IIS accepts and Mono refuses, in the instance's own copy of the site, and says so. What cannot be
 * read or written stays: ASP.NET says what is wrong with it.
 */
export function mendConfigurations(directory: string, say: (line: string) => void): void {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?:^|\/)web\.config$/i.test(path))
    .slice(0, most.files)
  for (const path of files)
    try {
      mend(join(directory, path), (removed) =>
        say(`ASP.NET: ${path} is read without ${removed.join(', ')}, which Mono does not know.`),
      )
    } catch (error) {
      say(`ASP.NET: ${path} cannot be mended: ${(error as Error).message}`)
    }
}

function mend(file: string, told: (removed: readonly string[]) => void): void {
  const { size, mode } = statSync(file)
  if (size > most.bytes) return
  const { text, removed } = withoutRefused(decodeText(readFileSync(file)))
  if (removed.length === 0) return
  const fresh = `${file}.mended`
  writeFileSync(fresh, text.replace(/^(<\?xml[^>]{0,200}encoding=")[^"]{0,40}"/, '$1utf-8"'), { mode })
  renameSync(fresh, file)
  told(removed)
}
