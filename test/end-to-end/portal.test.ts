/** The portal in a real browser on a whole house: what a person does there from the first sign-in on, in both languages (M-1 to M-11). */
import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from '../until.ts'
import { seriousFindings } from './accessibility.ts'
import { type Browsing, noBrowser, openBrowser, type Person } from './browser.ts'
import { get, makeHouse } from './house.ts'
import { startLoad } from './load.ts'
import { filled, type Locale, languages } from './portal-words.ts'
import { makeShop } from './shop.ts'

/** Longest that a person would wait for what he has asked for, in milliseconds. */
const patienceMs = Number(process.env['PATIENCE'] ?? 60_000)

const timers = ['settleTime=1s', 'recycleDelays=0,200ms,200ms', 'recycleThreshold=3']
const house = makeHouse(['--cores', '16', ...timers.flatMap((timer) => ['--timer', timer])])
let browsing: Browsing

describe('the portal', { skip: noBrowser }, () => {
  before(async () => {
    await house.up()
    for (const name of ['v1', 'v2', 'v3']) {
      const directory = makeShop(house.data, { name })
      const packed = await house.reddog('pack', join(directory, 'ServiceDefinition.csdef'), '--out', packageOf(name))
      assert.equal(packed.code, 0, packed.stderr)
    }
    browsing = await openBrowser()
  })
  after(async () => {
    await browsing?.close()
    await house.dispose()
  })

  for (const locale of Object.keys(languages) as readonly Locale[]) describe(`in ${locale}`, () => walkThrough(locale))

  it('lets in by its link once, and nobody without a session', async () => {
    const link = await oneTimeLink()
    const [first, second] = [await browsing.person(), await browsing.person()]
    await first.page.goto(link)
    await first.page.getByRole('heading', { level: 1, name: languages['en-GB'].services.title }).waitFor()
    assert.equal(new URL(first.page.url()).hash, '', 'the token does not stay in the address')
    await second.page.goto(link)
    await second.page.getByText(languages['en-GB'].shell.signIn.refused).waitFor()
    await second.page.goto(new URL('/services/shop', link).href)
    await second.page.getByText('reddog portal', { exact: true }).waitFor()
    for (const { context } of [first, second]) await context.close()
  })
})

function packageOf(name: string): string {
  return join(house.data, `${name}.cspkg`)
}

async function oneTimeLink(): Promise<string> {
  const { stdout } = await house.reddog('portal', '--json')
  return (JSON.parse(stdout) as { readonly link: string }).link
}

function walkThrough(locale: Locale): void {
  const words = languages[locale]
  const service = locale === 'en-GB' ? 'shop' : 'mise'
  let person: Person
  let page: Page

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const dialog = () => page.locator('[role=dialog], [role=alertdialog]')
  const text = (sentence: string) => page.getByText(sentence).first()
  const visit = async (path: string) => {
    await page.goto(new URL(path, page.url()).href)
    await page.getByRole('heading', { level: 1 }).waitFor()
  }
  const slot = (name: 'Production' | 'Staging') =>
    page.getByRole('region', { name: words.summary.slots[name], exact: true })
  const ready = (name: 'Production' | 'Staging', all: number) =>
    page
      .getByRole('region', { name: filled(words.summary.instances.of, { slot: words.summary.slots[name] }) })
      .getByText(filled(words.summary.instances.ready, { ready: all, all }))
      .waitFor()
  const updateEnded = () => text(filled(words.walk.ended, { slot: words.summary.slots.Production })).waitFor()
  const choose = async (name: string, file: string) => {
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('group', { name }).getByRole('button', { name: words.package.choosePackage }).click()
    await (await chooser).setFiles(file)
  }
  const bring = async (version: string) => {
    await choose(words.package.package, packageOf(version))
    await choose(words.package.configuration, join(house.data, `shop-${version}`, 'ServiceConfiguration.cscfg'))
  }
  const answersIn = async (slotName: 'production' | 'staging') => {
    const { stdout } = await house.reddog('status', '--service', service, '--json')
    const [found] = (JSON.parse(stdout) as Status).services
    const deployment = found?.deployments.find(({ slot }) => slot.toLowerCase() === slotName)
    const { vip, publicPort } = deployment?.instances[0]?.endpoints[0] ?? {}
    return { vip, port: publicPort, count: deployment?.instances.length ?? 0 }
  }
  const everyVersion = async (slotName: 'production' | 'staging', version: string) => {
    const { vip, port, count } = await answersIn(slotName)
    const seen = new Set<string>()
    await until(async () => {
      const [, said, instance = ''] = (await get(`http://${vip}:${port}/`)).split(' ')
      assert.equal(said, version)
      return seen.add(instance).size === count
    }, `all of ${slotName} answer ${version}`)
  }

  // Each step begins where the one before has ended.
  let hasFailed = false
  const step = (name: string, act: () => Promise<void>): void => {
    it(name, async () => {
      assert.ok(!hasFailed, 'a step before this one has failed')
      hasFailed = true
      await act()
      hasFailed = false
    })
  }

  before(async () => {
    person = await browsing.person({ locale })
    page = person.page
    page.setDefaultTimeout(patienceMs)
    await page.goto(await oneTimeLink())
    await page.getByRole('heading', { level: 1, name: words.services.title }).waitFor()
  })
  after(async () => {
    const { complaints, context } = person
    await context.close()
    assert.deepEqual(complaints, [], 'scripts and the security policy of the page complain of nothing')
  })

  step('creates a cloud service', async () => {
    await button(words.services.create.open).click()
    const form = dialog()
    await form.getByRole('textbox', { name: words.services.create.name }).first().fill(service)
    await form.getByRole('button', { name: words.services.create.confirm, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: service }).waitFor()
    await slot('Production').getByText(words.summary.slotEmpty).waitFor()
  })

  step('deploys a package of this computer, and shows its instances until they are ready (M-4, M-5, M-8)', async () => {
    await slot('Production').getByText(words.summary.action.deploy).click()
    await bring('v1')
    await text(words.package.runs).waitFor()
    await button(words.deploy.start).click()
    await ready('Production', 4)
    await everyVersion('production', 'v1')
  })

  step('upgrades by itself, after its plan was shown, without losing a request (M-1 to M-7)', async () => {
    await slot('Production').getByText(words.summary.action.upgrade).click()
    await bring('v2')
    await text(words.upgrade.same).waitFor()
    await text(words.upgrade.uninterrupted).waitFor()
    const { vip, port } = await answersIn('production')
    const load = startLoad(`http://${vip}:${port}/`)
    try {
      await button(words.upgrade.start).click()
      await text(words.walk.explain.title).waitFor()
      await updateEnded()
    } finally {
      assert.deepEqual(await load.stop(), [])
    }
    await everyVersion('production', 'v2')
  })

  step('upgrades by hand, one upgrade domain after the other and none out of order (M-9, U-31)', async () => {
    await visit(`/services/${service}/production/upgrade`)
    await page.getByRole('radio', { name: words.form.mode.manual }).check()
    await bring('v3')
    await button(words.upgrade.start).click()
    for (const number of [0, 1]) {
      const other = filled(words.walk.walk.button, { number: 1 - number })
      await button(filled(words.walk.walk.button, { number })).waitFor()
      assert.equal(await button(other).count(), 0)
      await button(filled(words.walk.walk.button, { number })).click()
    }
    await updateEnded()
    await everyVersion('production', 'v3')
  })

  step('rolls back what was walked (M-11)', async () => {
    await visit(`/services/${service}/production/upgrade`)
    await page.getByRole('radio', { name: words.form.mode.manual }).check()
    await bring('v1')
    await button(words.upgrade.start).click()
    await button(filled(words.walk.walk.button, { number: 0 })).click()
    await button(filled(words.walk.walk.button, { number: 1 })).waitFor()
    await button(words.walk.rollback.button).click()
    await dialog().getByRole('button', { name: words.walk.rollback.confirm, exact: true }).click()
    await updateEnded()
    await everyVersion('production', 'v3')
  })

  step('swaps what is in staging into production, after its checks were shown (U-57)', async () => {
    await visit(`/services/${service}`)
    await slot('Staging').getByText(words.summary.action.deploy).click()
    await bring('v1')
    await button(words.deploy.start).click()
    await ready('Staging', 4)
    await page.getByText(words.summary.action.swap).click()
    for (const check of [words.swap.staging, words.swap.rest, words.swap.ready, words.swap.reserved])
      await text(check.holds).waitFor()
    await button(words.swap.start).click()
    await page.getByRole('heading', { level: 1, name: service }).waitFor()
    await everyVersion('production', 'v1')
    await everyVersion('staging', 'v3')
  })

  step('scales a role', async () => {
    await visit(`/services/${service}/production/scale`)
    await page.getByLabel(filled(words.configuration.scale.wantedOf, { role: 'Web' })).fill('5')
    await button(words.configuration.scale.start).click()
    await page.waitForURL(({ pathname }) => !pathname.endsWith('/scale'))
    await visit(`/services/${service}`)
    await ready('Production', 5)
    assert.equal((await answersIn('production')).count, 5)
  })

  step('follows a log as it grows, with its real path beside the logical one (G-1)', async () => {
    await visit(`/services/${service}/production/instances/Web_IN_0`)
    await page.getByRole('tab', { name: words.instances.tab.logs }).click()
    await page.getByRole('combobox', { name: words.instances.log.log }).selectOption('WaHostBootstrapper')
    await text('C:\\Resources\\').waitFor()
    await text(house.data).waitFor()
    const lines = page.getByRole('log', { name: filled(words.instances.log.lines, { name: 'WaHostBootstrapper' }) })
    await lines.getByText('Role status is Ready for incarnation').last().waitFor()
    const { stderr } = await house.reddog('logs', 'Web_IN_0', 'WaHostBootstrapper', '--service', service)
    appendFileSync(/ is {2}(.*)$/m.exec(stderr)?.[1] ?? assert.fail(stderr), 'written while somebody looks\n')
    await lines.getByText('written while somebody looks').waitFor()
  })

  step('shows hosts with what runs on them, and the log of operations', async () => {
    await visit('/hosts')
    await page.getByRole('link', { name: 'Web_IN_0' }).first().waitFor()
    await visit('/operations')
    await page.getByText('SwapDeployment').first().waitFor()
  })

  step('keeps nobody out: axe-core finds nothing serious on any page, in both themes, wide and narrow', async () => {
    const looks = [
      { colorScheme: 'light', width: 1280 },
      { colorScheme: 'dark', width: 390 },
    ] as const
    for (const { colorScheme, width } of looks) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      for (const path of pagesOf(service)) {
        await visit(path)
        await nothingSerious(page, `${path}, ${colorScheme}, ${width} pixels wide`)
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        assert.ok(overflow <= 0, `${path} is ${overflow} pixels wider than ${width}`)
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  step('goes on by itself when the controller was killed and has started again', async () => {
    await visit(`/services/${service}`)
    process.kill(house.member('FabricController') ?? assert.fail(), 'SIGKILL')
    await visit(`/services/${service}`)
    await ready('Production', 5)
    // The browser says of each answer with an error that it came; that is what was made here.
    person.forgive()
  })
}

/** What is found while a colour changes is gone when it has; what keeps people out stays. */
async function nothingSerious(page: Page, where: string): Promise<void> {
  let found: readonly string[] = []
  for (let looks = 0; looks < 5; looks++) {
    found = await seriousFindings(page)
    if (found.length === 0) return
  }
  assert.deepEqual(found, [], where)
}

/** Every page that has an address. */
function pagesOf(service: string): readonly string[] {
  const inSlot = [
    'upgrade',
    'configure',
    'scale',
    'update',
    'deploy',
    'instances/Web_IN_0',
    'instances/Web_IN_0?tab=logs',
  ]
  return [
    '/services',
    `/services/${service}`,
    ...inSlot.map((page) => `/services/${service}/production/${page}`),
    `/services/${service}/swap`,
    `/services/${service}/certificates`,
    '/hosts',
    '/operations',
    '/nowhere',
  ]
}

interface Status {
  readonly services: readonly {
    readonly deployments: readonly {
      readonly slot: string
      readonly instances: readonly {
        readonly endpoints: readonly { readonly vip: string; readonly publicPort: number }[]
      }[]
    }[]
  }[]
}
