/**
 * The portal in a real Chromium: first view, the way of a state from the controller to the page, scrolling over 1,000 instances, and the memory of
 * its process: `node bench/portal.ts`. The instances are on paper (paper-hosts.ts), 500 in each slot; everything else is real.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { openBrowser } from '../test/end-to-end/browser.ts'
import { startFabric } from './fabric.ts'
import { startPaperHosts } from './paper-hosts.ts'
import { median } from './statistics.ts'
import { makeVersion } from './upgrade-service/versions.ts'

const service = 'many'
const instancesOfSlot = 500
const rounds = 20

const fabric = await startFabric('--hosts', '1', '--cores', '1', '--core-quota', '2000', '--timer', 'settleTime=1s')
const browsing = await openBrowser()
const hosts = await startPaperHosts(fabric.dataDirectory, 8, 150)
try {
  const { directory } = makeVersion(fabric.dataDirectory, '1', { instances: instancesOfSlot })
  for (const slot of ['production', 'staging'])
    await fabric.run('deploy', directory, '--service', service, '--slot', slot)
  await firstView()
  const { page, context } = await browsing.person()
  await page.goto(await link())
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.goto(new URL(`/services/${service}`, page.url()).href)
  await page.getByText('Web_IN_0', { exact: true }).first().waitFor()
  await scrolling(page)
  await stateOnPage(page)
  console.log(
    `memory of the portal's process, a page of 1,000 instances open: ${Math.round(portalKb() / 1024)} MB (goal 60)`,
  )
  await context.close()
} finally {
  await browsing.close()
  await hosts.end()
  await fabric.end()
}

/** From an empty cache to the list of services, and what of it is script. */
async function firstView(): Promise<void> {
  const times: number[] = []
  let scriptKb = 0
  for (let round = 0; round < 5; round++) {
    const { page, context } = await browsing.person()
    await page.goto(await link())
    await page.getByRole('link', { name: service, exact: true }).waitFor()
    times.push(await page.evaluate<number>('performance.now()'))
    const bytes = await page.evaluate<number>(
      `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
    )
    scriptKb = Math.round(bytes / 1024)
    await context.close()
  }
  console.log(
    `first view: ${Math.round(median(times))} ms, at most ${Math.round(Math.max(...times))} (goal 1000), ${scriptKb} KB of script (goal 300)`,
  )
}

/** Frames of ten seconds of turning the wheel down and up again; while nothing changes, and while an instance changes ten times a second. */
async function scrolling(page: Page): Promise<void> {
  for (const isChanging of [false, true]) {
    await page.evaluate(`(() => {
      const frames = []
      let last = performance.now()
      const next = (now) => { frames.push(now - last); last = now; globalThis.frames_ = frames; globalThis.going_ && requestAnimationFrame(next) }
      globalThis.going_ = true
      requestAnimationFrame(next)
    })()`)
    await page.mouse.move(600, 600)
    const ends = performance.now() + 10_000
    for (let turn = 0; performance.now() < ends; turn++) {
      await page.mouse.wheel(0, turn % 100 < 50 ? 400 : -400)
      if (isChanging && turn % 6 === 0) await hosts.say('Web_IN_1', turn % 12 === 0 ? 'BusyRole' : 'ReadyRole', '')
      await new Promise((resolve) => setTimeout(resolve, 16))
    }
    const frames = await page.evaluate<number[]>('((globalThis.going_ = false), globalThis.frames_)')
    const long = frames.filter((ms) => ms > 50).length
    console.log(
      `scrolling over 1,000 instances${isChanging ? ', one of them changing' : ''}: ${frames.length} frames, longest ${Math.round(Math.max(...frames))} ms, ${long} above 50 ms (goal 0)`,
    )
  }
}

/** From the report of a host to the word on the page. */
async function stateOnPage(page: Page): Promise<void> {
  const times: number[] = []
  await page.evaluate('scrollTo(0, 0)')
  for (let round = 0; round < rounds; round++) {
    const [status, word] = round % 2 === 0 ? (['BusyRole', 'Busy'] as const) : (['ReadyRole', 'Ready'] as const)
    const seen = page.evaluate<number>(`new Promise((resolve) => {
      const look = () => {
        if (!/Web_IN_0\\s*${word}/.test(document.querySelector('main').textContent)) return
        observer.disconnect()
        resolve(Date.now())
      }
      const observer = new MutationObserver(look)
      observer.observe(document.body, { childList: true, subtree: true, characterData: true })
      look()
    })`)
    const began = Date.now()
    await hosts.say('Web_IN_0', status, '')
    times.push((await seen) - began)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  console.log(
    `a state from the host's report to the page: ${median(times)} ms, at most ${Math.max(...times)} (goal 300)`,
  )
}

async function link(): Promise<string> {
  return (JSON.parse(await fabric.run('portal', '--json')) as { readonly link: string }).link
}

/** Proportional share of memory. */
function portalKb(): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      if (words.startsWith('Portal\0') && words.includes(fabric.dataDirectory))
        return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    } catch {
      // It has ended meanwhile.
    }
  return 0
}
