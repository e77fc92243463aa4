/** What changes a running deployment, as it travels over HTTP: bodies, their tolerance, answers and refusals. */
import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { base64OfText } from '../../src/front-end/contract/base64.ts'
import { errorDocument } from '../../src/front-end/contract/wire/error.ts'
import { planDocument } from '../../src/front-end/contract/wire/plan.ts'
import { upgradeDeployment } from '../../src/front-end/contract/wire/update-requests.ts'
import { type Answered, startFrontEnd, subscriptionId } from './front-end-process.ts'
import { deploymentView, newYear, type Script, serviceView } from './scripted-controller.ts'

const script: Script = { views: {}, commands: [] }
const house = await startFrontEnd({ after }, script)
const { subscriptions } = script.views

const namespace = 'http://schemas.microsoft.com/windowsazure'
const head = `xmlns="${namespace}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"`
const shop = '/services/hostedservices/shop'
const bySlot = `${shop}/deploymentslots/Production`
const byName = `${shop}/deployments/v1`
const slotOfShop = { service: 'shop', slot: 'Production' }
const nameInShop = { service: 'shop', name: 'v1' }
const text = '<ServiceConfiguration/>'
const configuration = `<Configuration>${base64OfText(text)}</Configuration>`

beforeEach(() => {
  script.commands.length = 0
  script.refuse = undefined
  script.views = { subscriptions, service: () => serviceView({ deployments: [deploymentView()] }) }
})

const body = (name: string, inner: string) => `<${name} xmlns="${namespace}">${inner}</${name}>`
const upgrade = (inner = '') =>
  body(
    'UpgradeDeployment',
    `<Mode>auto</Mode><PackageUrl>http://127.0.0.1:10000/packages/p/2.cspkg?sv=1&sig=x</PackageUrl>${configuration}<Label>djI=</Label><RoleToUpgrade/><Force>false</Force>${inner}`,
  )

const upgradeCommand = {
  mode: 'Auto',
  packageUrl: 'http://127.0.0.1:10000/packages/p/2.cspkg?sv=1&sig=x',
  configuration: text,
  label: 'djI=',
  force: false,
  extendedProperties: {},
}

const rows: readonly [
  what: string,
  comp: string,
  sent: string,
  kind: string,
  command: Readonly<Record<string, unknown>>,
][] = [
  ['an upgrade of all roles (D-15)', 'upgrade', upgrade(), 'upgradeDeployment', upgradeCommand],
  [
    'an upgrade in any order, with spellings of its own and what is unknown (R-17, R-19)',
    'Upgrade',
    body(
      'UpgradeDeployment',
      `<ExtendedProperties><ExtendedProperty><Name>a</Name><Value>1</Value></ExtendedProperty></ExtendedProperties><Force>1</Force><Later/><Label>djI=</Label>${configuration}<PackageUrl>${upgradeCommand.packageUrl}</PackageUrl><RoleToUpgrade> Web </RoleToUpgrade><Mode> AUTOMATIC </Mode>`,
    ),
    'upgradeDeployment',
    { ...upgradeCommand, role: 'Web', force: true, extendedProperties: { a: '1' } },
  ],
  [
    'an upgrade that says what becomes of a failure (section 16)',
    'upgrade',
    upgrade('<OnFailure xmlns="urn:reddog:2026">Rollback</OnFailure>'),
    'upgradeDeployment',
    { ...upgradeCommand, onFailure: 'rollback' },
  ],
  [
    'an upgrade whose OnFailure is nobody known (R-15)',
    'upgrade',
    upgrade('<OnFailure>rollback</OnFailure>'),
    'upgradeDeployment',
    upgradeCommand,
  ],
  [
    'a configuration (D-13)',
    'config',
    body('ChangeConfiguration', configuration),
    'changeConfiguration',
    { configuration: text, mode: 'Auto', treatWarningsAsError: false, extendedProperties: {} },
  ],
  [
    'a configuration domain by domain under the hand, with properties and extensions (D-13, R-18, 11.2)',
    'config',
    `<ChangeConfiguration ${head}>${configuration}<TreatWarningsAsError>true</TreatWarningsAsError><Mode>Manual</Mode><ExtendedProperties><ExtendedProperty><Name>old</Name><Value i:nil="true"/></ExtendedProperty></ExtendedProperties><ExtensionConfiguration><AllRoles><Extension><Id>rdp</Id></Extension></AllRoles><NamedRoles><Role><RoleName>Web</RoleName><Extensions><Extension><Id>diag</Id><State>disable</State></Extension></Extensions></Role></NamedRoles></ExtensionConfiguration></ChangeConfiguration>`,
    'changeConfiguration',
    {
      configuration: text,
      mode: 'Manual',
      treatWarningsAsError: true,
      extendedProperties: { old: null },
      extensions: {
        allRoles: [{ id: 'rdp', state: 'Enable' }],
        namedRoles: [{ role: 'Web', extensions: [{ id: 'diag', state: 'Disable' }] }],
      },
    },
  ],
  [
    'a walk (D-16)',
    'walkupgradedomain',
    body('WalkUpgradeDomain', '<UpgradeDomain>0</UpgradeDomain>'),
    'walkUpgradeDomain',
    { domain: 0 },
  ],
  [
    'a rollback (D-17)',
    'rollback',
    body('RollbackUpdateOrUpgrade', '<Mode>manual</Mode><Force>true</Force>'),
    'rollback',
    { mode: 'Manual', force: true },
  ],
  [
    'a rollback that says nothing (D-17)',
    'rollback',
    body('RollbackUpdateOrUpgrade', ''),
    'rollback',
    { mode: 'Auto', force: false },
  ],
]
for (const [what, comp, sent, kind, command] of rows)
  for (const [path, deployment] of [
    [bySlot, slotOfShop],
    [byName, nameInShop],
  ] as const)
    test(`${what} is handed to the fabric, by ${path === bySlot ? 'slot' : 'name'}`, async () => {
      const answer = await house.ask('POST', `${path}/?comp=${comp}`, { body: sent })
      // Section 14: callers of a rollback check for exactly these.
      assert.equal(answer.status, kind === 'rollback' && path === byName ? 200 : 202, answer.body)
      assert.equal(answer.body, '')
      const [envelope] = script.commands
      assert.deepEqual(envelope?.command, { kind, deployment, ...command })
      assert.equal(envelope?.requestId, answer.headers['x-ms-request-id'])
      assert.match(envelope?.operationName ?? '', path === bySlot ? /BySlot$/ : /ByName$/)
    })

test('A swap names what is in the slots; an empty production slot may be said in three ways (D-18)', async () => {
  for (const [production, expected] of [
    ['<Production>v1</Production>', { production: 'v1' }],
    ['<Production/>', {}],
    ['<Production i:nil="true"/>', {}],
    ['', {}],
  ] as const) {
    script.commands.length = 0
    const sent = `<Swap ${head}>${production}<SourceDeployment>v2</SourceDeployment></Swap>`
    assert.equal((await house.ask('POST', shop, { body: sent })).status, 202)
    const [envelope] = script.commands
    assert.deepEqual(envelope?.command, { kind: 'swap', service: 'shop', ...expected, source: 'v2' })
    assert.equal(envelope?.operationName, 'SwapDeployment')
    assert.equal(envelope?.objectId, `/${subscriptionId}/services/hostedservices/shop`)
  }
})

test('Role instances are deleted by their names (D-23)', async () => {
  const names = body('RoleInstances', '<Name>Web_IN_1</Name><Name>Web_IN_4</Name>')
  assert.equal((await house.ask('POST', `${byName}/roleinstances/?comp=delete`, { body: names })).status, 202)
  assert.deepEqual(script.commands[0]?.command, {
    kind: 'deleteInstances',
    deployment: nameInShop,
    instances: ['Web_IN_1', 'Web_IN_4'],
  })
})

test('A package is asked for with the container that it goes to (D-20)', async () => {
  const container = 'http://127.0.0.1:10000/packages/back?sv=1&sig=a%2Bb'
  const path = `${bySlot}/package?containerUri=${encodeURIComponent(container)}%20+&OverwriteExisting=True`
  assert.equal((await house.ask('POST', path)).status, 202)
  const [envelope] = script.commands
  assert.deepEqual(envelope?.command, {
    kind: 'getPackage',
    deployment: slotOfShop,
    containerUrl: container,
    overwrite: true,
  })
  // A signature is a secret (S-2).
  assert.equal(envelope?.parameters?.['containerUri'], 'http://127.0.0.1:10000/packages/back')
})

test('Elements that are newer than the stated version are ignored, newer modes refused (R-14)', async () => {
  const old = { 'x-ms-version': '2011-08-01' }
  assert.equal(
    (await house.ask('POST', `${bySlot}?comp=upgrade`, { body: upgrade('<Force>true</Force>'), headers: old })).status,
    202,
  )
  assert.deepEqual(script.commands[0]?.command, {
    kind: 'upgradeDeployment',
    deployment: slotOfShop,
    ...upgradeCommand,
  })
  const simultaneous = body('ChangeConfiguration', `${configuration}<Mode>Simultaneous</Mode>`)
  const refused = await house.ask('POST', `${bySlot}?comp=config`, { body: simultaneous, headers: old })
  assertFault(refused, 400, 'MissingOrIncorrectVersionHeader', /Simultaneous came with version 2013-03-01/)
})

for (const [what, path, sent, code, message] of [
  [
    'a mode that there is not',
    `${bySlot}?comp=upgrade`,
    upgrade('<Mode>Fast</Mode>'),
    'BadRequest',
    /Mode holds "Fast"/,
  ],
  [
    'a Force that is neither',
    `${bySlot}?comp=upgrade`,
    upgrade('<Force>yes</Force>'),
    'BadRequest',
    /Force holds "yes" where true or false/,
  ],
  [
    'an unknown failure policy',
    `${bySlot}?comp=upgrade`,
    upgrade('<OnFailure xmlns="urn:reddog:2026">pray</OnFailure>'),
    'BadRequest',
    /OnFailure holds "pray" where hold or rollback or continue/,
  ],
  [
    'an upgrade without package',
    `${bySlot}?comp=upgrade`,
    body('UpgradeDeployment', ''),
    'BadRequest',
    /no PackageUrl/,
  ],
  ['a label of nothing', `${bySlot}?comp=upgrade`, upgrade('<Label/>'), 'BadRequest', /label is invalid/],
  [
    'a configuration that is no Base64',
    `${bySlot}?comp=config`,
    body('ChangeConfiguration', '<Configuration>*</Configuration>'),
    'BadRequest',
    /Configuration is not Base64/,
  ],
  [
    'a negative domain',
    `${bySlot}?comp=walkupgradedomain`,
    body('WalkUpgradeDomain', '<UpgradeDomain>-1</UpgradeDomain>'),
    'BadRequest',
    /UpgradeDomain holds "-1"/,
  ],
  ['a walk to nowhere', `${bySlot}?comp=walkupgradedomain`, undefined, 'InvalidXmlRequest', /no body/],
  [
    'a simultaneous rollback',
    `${bySlot}?comp=rollback`,
    body('RollbackUpdateOrUpgrade', '<Mode>Simultaneous</Mode>'),
    'BadRequest',
    /Mode/,
  ],
  ['a swap without source', shop, body('Swap', '<Production>v1</Production>'), 'BadRequest', /no SourceDeployment/],
  [
    'the deletion of no instance',
    `${bySlot}/roleinstances?comp=delete`,
    body('RoleInstances', ''),
    'BadRequest',
    /Name the role/,
  ],
  ['an unknown comp', `${bySlot}?comp=dance`, upgrade(), 'MissingOrInvalidRequiredQueryParameter', /comp is "dance"/],
  [
    'a package without container',
    `${bySlot}/package`,
    undefined,
    'MissingOrInvalidRequiredQueryParameter',
    /containerUri/,
  ],
] as const)
  test(`${what} is refused and leaves no trace (E-2)`, async () => {
    assertFault(await house.ask('POST', path, { body: sent }), 400, code, message)
    assert.deepEqual(script.commands, [])
  })

test('A refusal of the fabric comes with its own code and status (section 6, U-60)', async () => {
  script.refuse = () => ({ code: 'VipSwapNotAllowedAsRollingUpgradeIsInProgress', message: 'wait' })
  const answer = await house.ask('POST', shop, { body: body('Swap', '<SourceDeployment>v2</SourceDeployment>') })
  assertFault(answer, 409, 'VipSwapNotAllowedAsRollingUpgradeIsInProgress', /^wait$/)
})

test('A deployment shows its extensions between properties and addresses; no element when it has none (D-6)', async () => {
  const extensions = {
    allRoles: [{ id: 'rdp', state: 'Enable' }],
    namedRoles: [{ role: 'Web', extensions: [{ id: 'diag', state: 'Disable' }] }],
  } as const
  script.views.service = () => serviceView({ deployments: [deploymentView({ extensions })] })
  assert.match(
    (await house.ask('GET', bySlot)).body,
    /<ExtendedProperties\/><ExtensionConfiguration><AllRoles><Extension><Id>rdp<\/Id><State>Enable<\/State><\/Extension><\/AllRoles><NamedRoles><Role><RoleName>Web<\/RoleName><Extensions><Extension><Id>diag<\/Id><State>Disable<\/State><\/Extension><\/Extensions><\/Role><\/NamedRoles><\/ExtensionConfiguration><VirtualIPs>/,
  )
  const only = { ...extensions, namedRoles: [] }
  script.views.service = () => serviceView({ deployments: [deploymentView({ extensions: { ...only, allRoles: [] } })] })
  assert.match(
    (await house.ask('GET', bySlot)).body,
    /<ExtensionConfiguration><NamedRoles\/><\/ExtensionConfiguration>/,
  )
  script.views.service = () => serviceView({ deployments: [deploymentView()] })
  assert.doesNotMatch((await house.ask('GET', bySlot)).body, /ExtensionConfiguration/)
})

test('Deployment events are the restarts of a period; both ends are required (D-21)', async () => {
  script.views.restarts = () => [restart(1)]
  const path = `${byName}/events?StartTime=2026-01-01T00:00:00.000Z&EndTime=2026-01-02T00:00:00Z`
  assert.equal(
    (await house.ask('GET', path)).body,
    `<DeploymentEventCollection ${head}><RebootEvents><RebootEvent><RoleName>Web</RoleName><InstanceName>Web_IN_0</InstanceName><RebootReason>its host was lost</RebootReason><RebootStartTime>2026-01-01T00:00:00Z</RebootStartTime></RebootEvent></RebootEvents></DeploymentEventCollection>`,
  )
  script.views.restarts = () => []
  assert.equal(
    (await house.ask('GET', path)).body,
    `<DeploymentEventCollection ${head}><RebootEvents/></DeploymentEventCollection>`,
  )
  for (const query of [
    '',
    '?StartTime=2026-01-01',
    '?StartTime=x&EndTime=y',
    '?StartTime=2026-01-02&EndTime=2026-01-01',
  ])
    assertFault(await house.ask('GET', `${byName}/events${query}`), 400, 'BadRequest', /StartTime and EndTime/)
  assertFault(
    await house.ask('GET', path.replace('v1', 'v9')),
    404,
    'ResourceNotFound',
    /^No deployments were found\.$/,
  )
})

test('Deployment events come in pages, each as the token of the one before asks; a token that nobody gave is refused (R-31)', async () => {
  script.views.restarts = () => Array.from({ length: 1001 }, (_, index) => restart(index + 1))
  const path = `${byName}/events?StartTime=2026-01-01T00:00:00Z&EndTime=2026-01-02T00:00:00Z`
  const first = await house.ask('GET', path)
  const token = String(first.headers['x-ms-continuation-token'])
  const rest = await house.ask('GET', path, { headers: { 'x-ms-continuation-token': token } })
  const count = ({ body }: Answered) => body.split('<RebootEvent>').length - 1
  assert.deepEqual([count(first), count(rest)], [1000, 1])
  assert.equal(rest.headers['x-ms-continuation-token'], undefined)
  assert.equal((await house.ask('GET', `${path}&ContinuationToken=${encodeURIComponent(token)}`)).body, rest.body)
  for (const bogus of ['bogus', Buffer.from('after:shop').toString('base64')])
    assertFault(await house.ask('GET', `${path}&ContinuationToken=${bogus}`), 400, 'BadRequest', /token .* is unknown/)
})

function restart(number: number) {
  return { number, at: newYear, role: 'Web', instance: 'Web_IN_0', reason: 'its host was lost' }
}

test('The plan of an upgrade is asked for with the body of the upgrade, and is no operation (section 16)', async () => {
  const plan = {
    refusal: { code: 'BadRequest', message: 'the definitions differ' },
    policy: 'sameModel',
    differences: ['the endpoint Web has another port'],
    mode: 'Auto',
    domains: [
      {
        domain: 0,
        instances: [{ name: 'Web_IN_0', role: 'Web', change: 'package' }],
        steps: ['Web_IN_0 leaves rotation', 'Web_IN_0 stops'],
        capacity: [{ role: 'Web', endpoint: 'Http', port: 80, instances: 2, left: 1 }],
      },
    ],
    added: [],
    removed: ['Web_IN_2'],
    warnings: ['one instance'],
  } as const
  let asked: unknown
  script.views.plan = (ask) => {
    asked = ask
    return plan
  }
  const answer = await house.ask('POST', '/reddog/hostedservices/shop/deploymentslots/production/plan', {
    body: upgrade(),
  })
  assert.equal(answer.status, 200, answer.body)
  assert.match(answer.body, /^<Plan xmlns="urn:reddog:2026"/)
  assert.deepEqual(planDocument.read(answer.body), { ok: true, value: plan })
  assert.deepEqual(asked, { subscriptionId, deployment: slotOfShop, ...upgradeCommand })
  assert.deepEqual(script.commands, [])
})

test('The failure policy travels in the namespace of Reddog, both ways', () => {
  const request = {
    mode: 'Auto',
    packageUrl: 'http://p',
    configuration: 'YQ==',
    label: 'YQ==',
    force: false,
    extendedProperties: [],
    onFailure: 'continue',
  } as const
  const written = upgradeDeployment.write(request)
  assert.match(written, /<OnFailure xmlns="urn:reddog:2026">continue<\/OnFailure><\/UpgradeDeployment>$/)
  const read = upgradeDeployment.read(written)
  assert.equal(read.ok && read.value.onFailure, 'continue')
})

test('The progress of an update is told instance by instance (section 16)', async () => {
  const update = {
    type: 'Manual',
    domainState: 'During',
    domain: 1,
    kind: 'rollback',
    domains: 2,
    target: 3,
    onFailure: 'hold',
    waitsFor: 'Web_IN_1 to be Ready',
    held: { code: 'OperationTimedOut', message: 'not Ready in time' },
  } as const
  script.views.service = () => serviceView({ deployments: [deploymentView({ upgrade: update, warnings: ['w'] })] })
  const { body: shown } = await house.ask('GET', '/reddog/hostedservices/shop/deployments/V1/progress')
  assert.equal(
    shown,
    `<Progress ${head.replace(namespace, 'urn:reddog:2026')}><Name>v1</Name><Slot>Production</Slot><Status>Running</Status><Update><Kind>rollback</Kind><Mode>Manual</Mode><Domain>1</Domain><DomainState>During</DomainState><Domains>2</Domains><Target>3</Target><OnFailure>hold</OnFailure><WaitsFor>Web_IN_1 to be Ready</WaitsFor><Error><Code>OperationTimedOut</Code><Message>not Ready in time</Message></Error></Update><Instances><Instance><Name>Web_IN_0</Name><Role>Web</Role><Domain>0</Domain><Version>1</Version><Status>RoleStateUnknown</Status><HasSettled>false</HasSettled><Details/><InRotation>false</InRotation><Host>h1</Host></Instance></Instances><Warnings><Warning>w</Warning></Warnings><Timers><SettleTime>10000</SettleTime><RecycleThreshold>5</RecycleThreshold><RoleReadyTimeout>1800000</RoleReadyTimeout></Timers></Progress>`,
  )
})

function assertFault(answer: Answered, status: number, code: string, message: RegExp): void {
  const read = errorDocument.read(answer.body)
  assert.ok(read.ok, answer.body)
  assert.deepEqual({ status: answer.status, code: read.value.code }, { status, code }, read.value.message)
  assert.match(read.value.message, message)
}
