/** What hosts and the load balancer are given of a deployment, whole: each field is there, and is that of its own role and endpoint (H-35, L-1). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { goalOf } from '../../src/fabric/controller/deployment/goals.ts'
import { createDeployment, createShop, type Fabric, fabricOf, shipped, timers } from './fabric.ts'

const [tls, own] = ['C'.repeat(40), 'D'.repeat(40)] as const

const web = {
  name: 'Web',
  inside:
    '<ConfigurationSettings><Setting name="Greeting"/></ConfigurationSettings>' +
    '<LocalResources><LocalStorage name="Data" sizeInMB="100" cleanOnRoleRecycle="false"/></LocalResources>' +
    '<Certificates><Certificate name="Tls" storeLocation="LocalMachine" storeName="My"/>' +
    '<Certificate name="Own" storeLocation="CurrentUser" storeName="Root"/></Certificates>',
  endpoints:
    '<InputEndpoint name="Site" protocol="https" port="443" certificate="Tls" loadBalancerProbe="Deep"/>' +
    '<InputEndpoint name="Raw" protocol="tcp" port="9000" localPort="9001" idleTimeoutInMinutes="7" loadBalancerDistribution="sourceIP"/>' +
    '<InputEndpoint name="Names" protocol="udp" port="53" ignoreRoleInstanceStatus="true"/>' +
    '<InternalEndpoint name="Work" protocol="tcp"><FixedPortRange min="10" max="12"/></InternalEndpoint>' +
    '<InstanceInputEndpoint name="Direct" protocol="udp" localPort="7000"><AllocatePublicPortFrom><FixedPortRange min="7100" max="7110"/></AllocatePublicPortFrom></InstanceInputEndpoint>',
}
const api = { name: 'Api', size: 'Medium', endpoints: '<InternalEndpoint name="Work" protocol="any"/>' }
const beside =
  '<NetworkTrafficRules><OnlyAllowTrafficTo><Destinations><RoleEndpoint endpointName="Work" roleName="Api"/></Destinations>' +
  '<WhenSource matches="AnyRule"><FromRole roleName="Web"/></WhenSource></OnlyAllowTrafficTo></NetworkTrafficRules>'
const probes =
  '<LoadBalancerProbes><LoadBalancerProbe name="Shallow" protocol="tcp"/>' +
  '<LoadBalancerProbe name="Deep" protocol="http" path="/deep" port="8081" intervalInSeconds="6" timeoutInSeconds="13"/></LoadBalancerProbes>'

const configurationText = `<ServiceConfiguration serviceName="Shop" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Api"><Instances count="1"/></Role>
  <Role name="Web"><Instances count="2"/><ConfigurationSettings><Setting name="Greeting" value="hello"/></ConfigurationSettings>
    <Certificates><Certificate name="Own" thumbprint="${own}" thumbprintAlgorithm="sha1"/><Certificate name="Tls" thumbprint="${tls}" thumbprintAlgorithm="sha1"/></Certificates></Role>
  <NetworkConfiguration>
    <AccessControls><AccessControl name="Other"><Rule action="deny" description="" order="1" remoteSubnet="10.0.0.0/8"/></AccessControl>
      <AccessControl name="Office"><Rule action="permit" description="" order="2" remoteSubnet="10.1.0.0/16"/><Rule action="deny" description="" order="1" remoteSubnet="10.1.2.0/24"/></AccessControl></AccessControls>
    <EndpointAcls><EndpointAcl role="Web" endPoint="Names" accessControl="Other"/><EndpointAcl role="Web" endPoint="Raw" accessControl="Office"/></EndpointAcls>
  </NetworkConfiguration></ServiceConfiguration>`

function deployedWhole(): Fabric {
  const fabric = fabricOf({ ...shipped(), roles: [web, api], beside: beside + probes })
  fabric.host('a', { firstPort: 1024 })
  fabric.ask(createShop)
  const certificates = [tls, own].map((thumbprint) => ({ thumbprint, data: thumbprint }))
  fabric.ask({ kind: 'addServiceCertificates', service: 'shop', certificates })
  fabric.ask(createDeployment({ configuration: configurationText }))
  fabric.acknowledge()
  fabric.report('ReadyRole')
  return fabric
}

const vip = '127.77.1.1'
const addressOf = { Web_IN_0: '127.77.16.1', Web_IN_1: '127.77.16.2', Api_IN_0: '127.77.16.3' } as const

function webSeen(index: 0 | 1) {
  const id = `Web_IN_${index}` as const
  const port = { Site: 8443, Raw: 9001, Names: 8053, Direct: 7000 }
  return {
    id,
    role: 'Web',
    address: addressOf[id],
    faultDomain: 0,
    upgradeDomain: index,
    endpoints: [
      {
        name: 'Site',
        kind: 'input',
        protocol: 'https',
        port: port.Site,
        lastPort: port.Site,
        publicAddress: `${vip}:443`,
        certificateThumbprint: tls,
      },
      { name: 'Raw', kind: 'input', protocol: 'tcp', port: 9001, lastPort: 9001, publicAddress: `${vip}:9000` },
      { name: 'Names', kind: 'input', protocol: 'udp', port: 8053, lastPort: 8053, publicAddress: `${vip}:53` },
      { name: 'Work', kind: 'internal', protocol: 'tcp', port: 8010, lastPort: 8010 },
      {
        name: 'Direct',
        kind: 'instanceInput',
        protocol: 'udp',
        port: 7000,
        lastPort: 7000,
        publicAddress: `${vip}:${7100 + index}`,
      },
    ],
  }
}

const apiSeen = {
  id: 'Api_IN_0',
  role: 'Api',
  address: addressOf.Api_IN_0,
  faultDomain: 0,
  upgradeDomain: 0,
  endpoints: [{ name: 'Work', kind: 'internal', protocol: 'any', port: 20_000, lastPort: 20_000, callers: ['Web'] }],
}

describe('what is given of a deployment, whole,', () => {
  const fabric = deployedWhole()
  const { id } = fabric.deployment()
  const epochs = { guest: 1, c: 1, d: 1, e: 1 }
  const shared = { revision: 1, machine: 'Started', role: 'Started', deleting: false, epochs, root: 1 }
  const guest = {
    deploymentId: id,
    serviceName: 'Shop',
    roleKind: 'WorkerRole',
    deploymentIncarnation: 1,
    placement: 1,
    upgradeDomainCount: 2,
    blast: false,
    vip,
  }
  const containerOf = (name: string) => fabric.instances().find((one) => one.name === name)?.containerId

  function webGoal(index: 0 | 1) {
    return {
      ...shared,
      key: `${id}.Web_IN_${index}`,
      containerId: containerOf(`Web_IN_${index}`),
      packageSha256: 'sha',
      keepFormerRoot: false,
      certificates: [
        { thumbprint: own, data: own },
        { thumbprint: tls, data: tls },
      ],
      guest: {
        ...guest,
        role: 'Web',
        instance: `Web_IN_${index}`,
        settings: { Greeting: 'hello' },
        storedCertificates: [
          { name: 'Tls', thumbprint: tls, storeName: 'My', level: 'System' },
          { name: 'Own', thumbprint: own, storeName: 'Root', level: 'User' },
        ],
        localResources: [{ name: 'Data', sizeInMB: 100, cleanOnRoleRecycle: false }],
        size: { id: 'Small', cores: 1, memoryMB: 1792, diskMB: 229_400 },
        topology: [webSeen(index), webSeen(index === 0 ? 1 : 0), apiSeen],
      },
    }
  }

  it('has for its host what each guest is told', () => {
    assert.deepEqual(goalOf(fabric.state, 'a').instances, [
      webGoal(0),
      webGoal(1),
      {
        ...shared,
        key: `${id}.Api_IN_0`,
        containerId: containerOf('Api_IN_0'),
        packageSha256: 'sha',
        keepFormerRoot: false,
        certificates: [],
        guest: {
          ...guest,
          role: 'Api',
          instance: 'Api_IN_0',
          settings: {},
          storedCertificates: [],
          localResources: [],
          size: { id: 'Medium', cores: 2, memoryMB: 3584, diskMB: 500_760 },
          topology: [apiSeen, webSeen(0), webSeen(1)],
        },
      },
    ])
  })

  it('has for the load balancer what each endpoint is to serve', () => {
    const member = (index: 0 | 1, port: number) => ({
      instance: `${id}.Web_IN_${index}`,
      address: addressOf[`Web_IN_${index}`],
      port,
      state: 'in',
    })
    const endpoint = { vip, hostNames: ['shop.localhost'], distribution: 'none', idleTimeoutMs: 240_000 }
    const probed = (index: 0 | 1, port: number, probe: object | undefined) => ({
      ...member(index, port),
      probe: probe && { address: addressOf[`Web_IN_${index}`], ...probe },
    })
    const both = (port: number, probe?: object) => [probed(0, port, probe), probed(1, port, probe)]
    const plain = { intervalMs: timers.lbProbeInterval, timeoutMs: timers.lbProbeTimeout }
    const deny = { action: 'deny', remoteSubnet: '10.1.2.0/24' }
    assert.deepEqual([...fabric.state.observed.rotation.endpoints.values()].flat(), [
      {
        ...endpoint,
        id: `${id}/Web/Site`,
        port: 443,
        protocol: 'https',
        members: both(8443, { protocol: 'http', port: 8081, path: '/deep', intervalMs: 6_000, timeoutMs: 13_000 }),
      },
      {
        ...endpoint,
        id: `${id}/Web/Raw`,
        port: 9000,
        protocol: 'tcp',
        distribution: 'sourceIP',
        idleTimeoutMs: 420_000,
        acl: [deny, { action: 'permit', remoteSubnet: '10.1.0.0/16' }],
        members: both(9001, { protocol: 'http', port: 16_001, path: '/', ...plain }),
      },
      {
        ...endpoint,
        id: `${id}/Web/Names`,
        port: 53,
        protocol: 'udp',
        acl: [{ action: 'deny', remoteSubnet: '10.0.0.0/8' }],
        members: both(8053),
      },
      ...([0, 1] as const).map((index) => ({
        ...endpoint,
        id: `${id}/Web/Direct/Web_IN_${index}`,
        port: 7100 + index,
        protocol: 'udp',
        members: [member(index, 7000)],
      })),
    ])
  })
})
