import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * What axe-core finds on the page as it is that keeps people out: each serious or critical finding with where it is. The elements by which Fluent's
 * dialogs hold the focus are left out: they are hidden from readers, and send the focus on at once.
 */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // While something fades in, its colours are not those that it has.
  await page.evaluate(
    'Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => undefined)',
  )
  // Not by a script element, which the page's security policy refuses, as it should.
  await page.evaluate(`${axe}; undefined`)
  const { violations } = await page.evaluate<Pick<AxeResults, 'violations'>>(
    `axe.run({ exclude: [['[data-tabster-dummy]']] }, { resultTypes: ['violations'] })`,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`))
}
