/** Debian's Chromium, driven from outside as a person would drive it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const program = '/usr/bin/chromium'

/** Why there is no browser on this machine; undefined where there is one. */
export const noBrowser = existsSync(program) ? undefined : 'chromium is not installed'

export interface Browsing {
  /** A person with a browser of his own: no cookie of others. What the page's scripts complain of is kept in `complaints`. */
  person(options?: BrowserContextOptions): Promise<Person>
  close(): Promise<void>
}

export interface Person {
  readonly context: BrowserContext
  readonly page: Page
  readonly complaints: readonly string[]
  /** Forgets the complaints so far. */
  forgive(): void
}

export async function openBrowser(): Promise<Browsing> {
  // Of its own, so that nothing of it is left in the machine's directory for temporary files.
  const directory = mkdtempSync(join(tmpdir(), 'browser-'))
  const browser = await chromium.launch({
    executablePath: program,
    // As root it has no sandbox; a container's /dev/shm is small.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    env: { ...process.env, TMPDIR: directory },
  })
  return {
    async person(options = {}) {
      const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      return { context, page, complaints, forgive: () => complaints.splice(0) }
    },
    async close() {
      await browser.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
