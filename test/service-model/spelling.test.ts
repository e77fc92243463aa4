import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { matchConfiguration } from '../../src/service-model/match.ts'
import { readDefinition } from '../../src/service-model/read-definition.ts'
import { configurationOf, csdef, definitionOf } from './documents.ts'

const xpath = (path: string) =>
  `<Variable name="V${path.length}"><RoleInstanceValue xpath="/RoleEnvironment/CurrentInstance/${path}" /></Variable>`

/** Every kind of reference from one place of a definition, or from a configuration, to another. */
const definition = `<LoadBalancerProbes><LoadBalancerProbe name="Probe" protocol="tcp" /></LoadBalancerProbes>
  <WebRole name="Front">
    <Sites><Site name="Main"><Bindings><Binding name="B" endpointName="Site" /></Bindings></Site></Sites>
    <Certificates><Certificate name="Tls" storeLocation="LocalMachine" storeName="My" /></Certificates>
    <ConfigurationSettings><Setting name="Queue" /></ConfigurationSettings>
    <LocalResources><LocalStorage name="Disk" /></LocalResources>
    <Runtime><Environment>
      ${xpath("ConfigurationSettings/ConfigurationSetting[@name='Queue']/@value")}
      ${xpath("LocalResources/LocalResource[@name='Disk']/@path")}
      ${xpath("Endpoints/Endpoint[@name='Inside']/@port")}
    </Environment></Runtime>
    <Endpoints>
      <InputEndpoint name="Site" protocol="http" port="80" loadBalancerProbe="Probe" />
      <InputEndpoint name="Secure" protocol="https" port="443" certificate="Tls" />
      <InputEndpoint name="Inner" protocol="tcp" port="81" loadBalancer="Balancer" />
      <InternalEndpoint name="Inside" protocol="tcp" />
    </Endpoints>
  </WebRole>
  <WorkerRole name="Back" />
  <NetworkTrafficRules><OnlyAllowTrafficTo>
    <Destinations><RoleEndpoint roleName="Front" endpointName="Inside" /></Destinations>
    <WhenSource matches="AnyRule"><FromRole roleName="Back" /></WhenSource>
  </OnlyAllowTrafficTo></NetworkTrafficRules>`
const configuration = `<Role name="Front"><Instances count="1" />
    <ConfigurationSettings><Setting name="Queue" value="" /></ConfigurationSettings>
    <Certificates><Certificate name="Tls" thumbprint="${'A'.repeat(40)}" /></Certificates></Role>
  <Role name="Back"><Instances count="1" /></Role>
  <NetworkConfiguration>
    <AddressAssignments><InstanceAddress roleName="Back" /></AddressAssignments>
    <EndpointAcls><EndpointAcl role="Front" endPoint="Site" accessControl="Office" /></EndpointAcls>
    <AccessControls><AccessControl name="Office"><Rule order="1" action="permit" remoteSubnet="10.0.0.0/8" /></AccessControl></AccessControls>
    <LoadBalancers><LoadBalancer name="Balancer" /></LoadBalancers>
  </NetworkConfiguration>`

/** Names behind these words in turn, each with the text in which it alone stands in capitals. */
function misspelled(text: string, before: RegExp): readonly (readonly [name: string, text: string])[] {
  return [...text.matchAll(new RegExp(`(?<=${before.source})\\w+`, 'g'))].map(({ 0: name, index }) => [
    name,
    text.slice(0, index) + name.toUpperCase() + text.slice(index + name.length),
  ])
}

function assertHint(told: readonly string[], name: string): void {
  assert.equal(told.length, 1, told.join('\n'))
  const meant = /Did you mean '(\w+)'\? Letter case matters\./.exec(told[0] ?? '')?.[1]
  // What is declared in a configuration may be the misspelled one of the two.
  assert.ok(meant === name || meant === name.toUpperCase(), told[0])
}

describe('a reference that differs in letter case alone is told once, with the name that is meant', () => {
  const inDefinition = /(?:loadBalancerProbe|certificate|endpointName|roleName)="|@name='/
  for (const [name, text] of misspelled(definition, inDefinition))
    it(`in a definition: ${name}`, () => {
      const { errors, warnings } = readDefinition(csdef(text))
      assertHint([...errors, ...warnings], name)
    })
  const inConfiguration = /(?:[nN]ame|role|endPoint|accessControl)="/
  for (const [name, text] of misspelled(configuration, inConfiguration))
    it(`in a configuration: ${name}`, () =>
      assertHint(matchConfiguration(definitionOf(definition), configurationOf(text)).errors, name))
})
