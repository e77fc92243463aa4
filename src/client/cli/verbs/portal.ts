import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isoSeconds } from '../../../kernel/instant.ts'
import { Failure } from '../../failure.ts'
import { linkLifeMs, oneTimeLink } from '../../portal/one-time-link.ts'
import type { Verb } from '../verb.ts'

export const portal: Verb = {
  name: 'portal',
  form: '',
  about: "Prints a link that signs in to the fabric's portal once, and opens it where there is a browser.",
  options: {},
  words: [0, 0],
  async run({ signIn, terminal }) {
    const own = signIn()
    const [here, elsewhere] = portalUrls(own.portalFile)
    const now = Date.now()
    const link = oneTimeLink(new URL(here).origin, own, now)
    terminal.object({ link, portalUrl: here, elsewhere: elsewhere ?? null, expires: isoSeconds(now + linkLifeMs) })
    terminal.line(link)
    terminal.note('It signs in once, within five minutes, in a browser on this machine.')
    if (elsewhere !== undefined)
      terminal.note(`Other machines, with a management certificate of the subscription: ${elsewhere}`)
    if (process.stdout.isTTY && !terminal.json && hasDisplay()) openInBrowser(link, dirname(own.portalFile))
  },
}

/** The addresses of the portal: for this machine, and perhaps for others. Throws a Failure when the fabric has none. */
function portalUrls(file: string): readonly [here: string, elsewhere?: string] {
  try {
    const [here, elsewhere] = readFileSync(file, 'utf8').trim().split('\n')
    if (URL.canParse(here ?? '')) return elsewhere === undefined ? [here as string] : [here as string, elsewhere]
  } catch {
    // Said below: what is missing is the same.
  }
  throw new Failure(
    `Where the portal is was not found: ${file} does not name it. Start the fabric with a "reddog up" that has a portal, or name its data directory with --data.`,
  )
}

function hasDisplay(): boolean {
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
}

/** By a file that only this user reads and that leads to the link: other users of the machine see the words of every command. */
function openInBrowser(link: string, directory: string): void {
  const file = join(directory, 'portal-sign-in.html')
  try {
    // Anew: one that lay there may be another user's, where others may write too.
    rmSync(file, { force: true })
    writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${link}">\n`, {
      mode: 0o600,
      flag: 'wx',
    })
  } catch {
    return
  }
  const opened = spawn('xdg-open', [file], { stdio: 'ignore', detached: true })
  // Without it the link has been printed all the same.
  opened.once('error', () => {})
  opened.unref()
}
