/** What the load balancer is given, and what is made of what it says. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RotationReport } from '../../src/fabric/contract/rotation.ts'
import { refreshRotation } from '../../src/fabric/controller/rotation/rotation.ts'
import { deployed, type Fabric, shipped } from './fabric.ts'

const endpoints =
  '<InputEndpoint name="Http" protocol="http" port="80"/>' +
  '<InstanceInputEndpoint name="Debug" protocol="tcp" localPort="9"><AllocatePublicPortFrom><FixedPortRange min="900" max="909"/></AllocatePublicPortFrom></InstanceInputEndpoint>'
const twoEndpoints = () => deployed({ ...shipped(), roles: [{ endpoints }] })

/** The balancer says where an endpoint answers, or why it does not. */
function balancerSays(fabric: Fabric, said: Partial<RotationReport>): void {
  const acknowledged = fabric.state.observed.rotation.version
  const nothing = { boundPorts: {}, failed: {}, probedOut: {}, drained: [] }
  fabric.tell({ kind: 'balancerReport', report: { balancer: 'b', acknowledged, ...nothing, ...said } })
}

describe('a report of the load balancer', () => {
  it('makes one event of an endpoint that cannot be opened, however often it says so, and another of another cause', () => {
    const fabric = twoEndpoints()
    const { id } = fabric.deployment()
    for (const why of ['taken', 'taken', 'forbidden']) balancerSays(fabric, { failed: { [`${id}/Web/Http`]: why } })
    const events = [...fabric.state.stored.event.values()].filter(({ kind }) => kind === 'EndpointFailed')
    assert.deepEqual(events.map(({ reason }) => reason).toSorted(), ['forbidden', 'taken'])
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
