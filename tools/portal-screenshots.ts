/**
 * Pictures of the portal for the guide, of a fabric that it brings up and ends: `node tools/portal-screenshots.ts [DIRECTORY]`. Without a
 * directory those that stand in docs/guide/portal are made anew; with one, every page in both widths, themes and languages, to be looked at.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openBrowser } from '../test/end-to-end/browser.ts'
import { makeHouse, root } from '../test/end-to-end/house.ts'
import { filled, type Locale, languages } from '../test/end-to-end/portal-words.ts'
import { makeShop } from '../test/end-to-end/shop.ts'

interface Look {
  readonly locale: Locale
  readonly colorScheme: 'light' | 'dark'
  readonly width: 1280 | 390
}

const inGuide: readonly Look[] = [
  { locale: 'en-GB', colorScheme: 'light', width: 1280 },
  { locale: 'ja-JP', colorScheme: 'dark', width: 390 },
]
const all = (['en-GB', 'ja-JP'] as const).flatMap((locale) =>
  (['light', 'dark'] as const).flatMap((colorScheme) =>
    ([1280, 390] as const).map((width) => ({ locale, colorScheme, width })),
  ),
)

const [directory = join(root, 'docs/guide/portal')] = process.argv.slice(2)
const looks = process.argv.length > 2 ? all : inGuide
mkdirSync(directory, { recursive: true })

// A domain stays in work long enough for all its pictures.
const house = makeHouse(['--hosts', '4', '--cores', '8', '--core-quota', '32', '--timer', 'settleTime=60s'])
const browsing = await openBrowser()
try {
  await house.up()
  const [v1, v2] = ['v1', 'v2'].map((name) => makeShop(house.data, { name })) as [string, string]
  for (const [version, slot] of [
    [v1, 'production'],
    [v2, 'staging'],
  ] as const)
    await reddog(
      'deploy',
      version,
      '--service',
      'shop',
      '--slot',
      slot,
      '--label',
      slot === 'staging' ? '2.0' : '1.0',
      '--no-wait',
    )
  await reddog('pack', join(v2, 'ServiceDefinition.csdef'), '--out', join(house.data, 'shop.cspkg'))
  await waitFor(async () => !/Busy|Creating|Starting|Preparing/.test(await reddog('status')))
  for (const look of looks) {
    const { summary, upgrade } = languages[look.locale]
    await picture(look, 'summary', '/services/shop', summary.instances.inRotation)
    await picture(look, 'hosts', '/hosts', 'Web_IN_0')
    const plan = filled(upgrade.domain, { domain: 1 })
    await picture(look, 'upgrade', '/services/shop/production/upgrade', plan, (page) => fillUpgrade(page, look.locale))
  }
  await reddog('upgrade', v2, '--service', 'shop', '--mode', 'manual', '--no-wait')
  await waitFor(async () => /Before domain 0|waits for/.test(await reddog('status')))
  await reddog('walk', '--service', 'shop', '--no-wait')
  await waitFor(async () => /less than/.test(await reddog('status')))
  for (const look of looks)
    await picture(look, 'walk', '/services/shop/production/update', languages[look.locale].walk.stage.settles)
} finally {
  await browsing.close()
  await house.dispose()
}

async function reddog(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await house.reddog(...words)
  if (code !== 0) throw new Error(`reddog ${words.join(' ')}: ${stderr}`)
  return stdout
}

async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 250))
}

/** A picture of the page at a path, once `sentence` stands on it. */
async function picture(
  look: Look,
  name: string,
  path: string,
  sentence: string,
  prepare?: (page: Page) => Promise<void>,
): Promise<void> {
  const { locale, colorScheme, width } = look
  const { page, context } = await browsing.person({
    locale,
    colorScheme,
    viewport: { width, height: 800 },
    reducedMotion: 'reduce',
  })
  const { link } = JSON.parse(await reddog('portal', '--json')) as { readonly link: string }
  await page.goto(link)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.goto(new URL(path, link).href)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await prepare?.(page)
  await page.getByText(sentence).first().waitFor()
  await page.screenshot({
    path: join(directory, `${name}-${width}-${colorScheme}-${locale.slice(0, 2)}.png`),
    fullPage: true,
  })
  await context.close()
}

/** The upgrade page with its plan. */
async function fillUpgrade(page: Page, locale: Locale): Promise<void> {
  const words = languages[locale]
  await page.getByRole('radio', { name: words.form.mode.manual }).check()
  for (const [group, file] of [
    [words.package.package, join(house.data, 'shop.cspkg')],
    [words.package.configuration, join(house.data, 'shop-v2', 'ServiceConfiguration.cscfg')],
  ] as const) {
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('group', { name: group }).getByRole('button', { name: words.package.choosePackage }).click()
    await (await chooser).setFiles(file)
  }
  await page
    .getByText(filled(words.upgrade.domain, { domain: 1 }))
    .first()
    .waitFor()
}
