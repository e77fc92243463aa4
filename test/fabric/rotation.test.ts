/** What the load balancer is given, and what is made of what it says. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { party } from '../../src/fabric/contract/paths.ts'
import type { RotationReport } from '../../src/fabric/contract/rotation.ts'
import { refreshRotation } from '../../src/fabric/controller/rotation/rotation.ts'
import type { Site } from '../../src/service-model/definition.ts'
import type { RoleModel } from '../../src/service-model/role-model.ts'
import { deployed, type Fabric, shipped } from './fabric.ts'

const endpoints =
  '<InputEndpoint name="Http" protocol="http" port="80"/>' +
  '<InstanceInputEndpoint name="Debug" protocol="tcp" localPort="9"><AllocatePublicPortFrom><FixedPortRange min="900" max="909"/></AllocatePublicPortFrom></InstanceInputEndpoint>'
const twoEndpoints = () => deployed({ ...shipped(), roles: [{ endpoints }] })

/** The balancer says where an endpoint answers, or why it does not. */
function balancerSays(fabric: Fabric, said: Partial<RotationReport>): void {
  const acknowledged = fabric.state.observed.rotation.version
  const nothing = { boundPorts: {}, failed: {}, probedOut: {}, drained: [] }
  fabric.tell({
    kind: 'balancerReport',
    balancer: party.loadBalancer,
    report: { balancer: 'b', acknowledged, ...nothing, ...said },
  })
}

function newestOf({ state }: Fabric): RotationReport | undefined {
  return state.observed.balancers.get(party.loadBalancer)?.report
}

describe('a report of the load balancer', () => {
  it('makes one event of an endpoint that cannot be opened, however often it says so, and another of another cause', () => {
    const fabric = twoEndpoints()
    const { id } = fabric.deployment()
    for (const why of ['taken', 'taken', 'forbidden']) balancerSays(fabric, { failed: { [`${id}/Web/Http`]: why } })
    const events = [...fabric.state.stored.event.values()].filter(({ kind }) => kind === 'EndpointFailed')
    assert.deepEqual(events.map(({ reason }) => reason).toSorted(), ['forbidden', 'taken'])
  })

  it('is overtaken by one of a newer table of the same run', () => {
    const fabric = twoEndpoints()
    const before = fabric.state.observed.rotation.version - 1
    balancerSays(fabric, { drained: ['i'] })
    const newest = newestOf(fabric)
    balancerSays(fabric, { acknowledged: before })
    assert.deepEqual(newestOf(fabric), newest)
    balancerSays(fabric, { acknowledged: before, balancer: 'another' })
    assert.equal(newestOf(fabric)?.acknowledged, before)
  })

  it('says at which port an endpoint answers that has moved up, that of a single instance too', () => {
    const fabric = twoEndpoints()
    const { id } = fabric.deployment()
    balancerSays(fabric, { boundPorts: { [`${id}/Web/Http`]: 8080, [`${id}/Web/Debug/Web_IN_1`]: 1900 } })
    assert.deepEqual(
      fabric.view().instances.map((one) => one.endpoints.map(({ publicPort }) => publicPort)),
      [
        [8080, 900],
        [8080, 1900],
      ],
    )
  })
})

it('a member has the account that its host has reported, so that the balancer knows whom it connects to', () => {
  const fabric = deployed()
  fabric.report('ReadyRole', ['a'], { account: 70_001 })
  const [endpoint] = [...fabric.state.observed.rotation.endpoints.values()].flat()
  assert.deepEqual(
    endpoint?.members.map(({ account }) => account),
    [70_001, undefined],
  )
})

describe('the members of a role with sites are told who the client is (I-36, L-24)', () => {
  const all =
    '<InputEndpoint name="Http" protocol="http" port="80"/>' +
    '<InputEndpoint name="Secure" protocol="tcp" port="443"/>' +
    '<InputEndpoint name="Own" protocol="tcp" port="5000"/>' +
    '<InputEndpoint name="Datagrams" protocol="udp" port="81" localPort="80"/>' +
    '<InstanceInputEndpoint name="Direct" protocol="tcp" localPort="80"><AllocatePublicPortFrom><FixedPortRange min="900" max="909"/></AllocatePublicPortFrom></InstanceInputEndpoint>'

  /** Endpoints that tell the instances, by what follows the deployment's ID; the first instance runs version 2, which has the sites. */
  function toldIn(inVersion2: readonly Site[] | undefined): Readonly<Record<string, readonly boolean[]>> {
    const { state, deployment, instances } = deployed({ ...shipped(), roles: [{ endpoints: all }] })
    const { versions, id } = deployment()
    const [first] = instances()
    const before = state.stored.package.get('sha')
    if (!first || !before || !versions[1]) throw new Error('assertion: nothing is deployed')
    // The packaged definition says nothing of sites (service-model.md 6).
    const roleModels = { Web: { ...roleModel, sites: inVersion2 } }
    const second = { ...before, sha256: 'second', model: { ...before.model, roleModels } }
    const both = { ...versions, 2: { ...versions[1], packageSha256: 'second', roots: {} } }
    const stored = {
      ...state.stored,
      package: state.stored.package.set('second', second),
      deployment: state.stored.deployment.set(id, { ...deployment(), versions: both }),
      instance: state.stored.instance.set(first.key, { ...first, version: 2 }),
    }
    const { endpoints } = refreshRotation({ ...state, stored }, [id]).observed.rotation
    const told = (endpoints.get(id) ?? []).filter(({ members }) => members.some((one) => one.isToldClient))
    return Object.fromEntries(
      told.map(({ id: name, members }) => [name.slice(id.length + 1), members.map((one) => one.isToldClient ?? false)]),
    )
  }

  const roleModel: RoleModel = {
    name: 'Web',
    version: '1.2.3.4',
    tasks: [],
    runtime: { executionContext: 'limited', environment: [] },
    pluginSettings: [],
    properties: {},
  }
  const site = (...endpointNames: readonly string[]): Site => ({
    name: 'Main',
    bindings: endpointNames.map((endpointName) => ({ name: endpointName, endpointName })),
    virtualApplications: [],
    virtualDirectories: [],
  })

  it('at each tcp port at which a site answers, also by an endpoint that no binding names, and while others run a version without it', () => {
    assert.deepEqual(toldIn([site('Http'), site('Secure')]), {
      'Web/Http': [true, false],
      'Web/Secure': [true, false],
      'Web/Direct/Web_IN_0': [true],
    })
    assert.deepEqual(toldIn([site('Secure', 'constructor')]), { 'Web/Secure': [true, false] })
  })

  it('and no others', () => assert.deepEqual([toldIn(undefined), toldIn([])], [{}, {}]))
})

describe('a deployment of which it cannot be said what it serves (F-27)', () => {
  const servedWhen = (wanted: 'Running' | 'Deleted') => {
    const { state, deployment } = deployed()
    const { id } = deployment()
    const damaged = { ...deployment(), wanted, versions: {} }
    const stored = { ...state.stored, deployment: state.stored.deployment.set(id, damaged) }
    return refreshRotation({ ...state, stored }, [id]).observed.rotation.endpoints.get(id)?.length ?? 0
  }

  it('serves as before', () => assert.equal(servedWhen('Running'), 1))
  it('serves no more once it is to go', () => assert.equal(servedWhen('Deleted'), 0))
})
