import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { matchConfiguration, validationErrorText } from '../../src/service-model/match.ts'
import { configurationOf, definitionOf, worker } from './documents.ts'

const thumbprint = 'A'.repeat(40)
const definition = definitionOf(
  worker(`<ConfigurationSettings><Setting name="Queue" /></ConfigurationSettings>
    <Certificates><Certificate name="Tls" storeLocation="LocalMachine" storeName="My" /></Certificates>
    <Endpoints><InputEndpoint name="Http" protocol="http" port="80" />
      <InputEndpoint name="Inner" protocol="tcp" port="81" loadBalancer="Internal" />
      <InstanceInputEndpoint name="Debug" protocol="tcp" localPort="1"><AllocatePublicPortFrom><FixedPortRange min="100" max="101" /></AllocatePublicPortFrom></InstanceInputEndpoint></Endpoints>`),
)
const settings = '<ConfigurationSettings><Setting name="Queue" value="q" /></ConfigurationSettings>'
const certificates = `<Certificates><Certificate name="Tls" thumbprint="${thumbprint}" /></Certificates>`
const instances = '<Instances count="2" />'
const role = (content: string) => `<Role name="Worker">${content}</Role>`
const network = (content: string) =>
  `<NetworkConfiguration>${content}<LoadBalancers><LoadBalancer name="Internal" /></LoadBalancers></NetworkConfiguration>`
const whole = instances + settings + certificates
const acl = (attributes: string) =>
  network(
    `<EndpointAcls><EndpointAcl ${attributes} /></EndpointAcls><AccessControls><AccessControl name="Office"><Rule order="1" action="permit" remoteSubnet="10.0.0.0/8" /></AccessControl></AccessControls>`,
  )

describe('a configuration held against its definition (3.4)', () => {
  it('names a reserved address only where there is a public endpoint, of any kind', () => {
    const address =
      '<NetworkConfiguration><AddressAssignments><ReservedIPs><ReservedIP name="one" /></ReservedIPs></AddressAssignments></NetworkConfiguration>'
    const errorsFor = (endpoints: string) =>
      matchConfiguration(definitionOf(worker(endpoints)), configurationOf(role(instances) + address)).errors
    assert.deepEqual(errorsFor('<Endpoints><InternalEndpoint name="In" protocol="tcp" /></Endpoints>'), [
      "ReservedIP 'one' was not mapped to an endpoint.  The service definition must contain atleast one endpoint that maps to the ReservedIP.",
    ])
    for (const endpoint of [
      '<InputEndpoint name="Http" protocol="http" port="80" />',
      '<InstanceInputEndpoint name="Debug" protocol="tcp" localPort="1"><AllocatePublicPortFrom><FixedPortRange min="100" max="101" /></AllocatePublicPortFrom></InstanceInputEndpoint>',
    ])
      assert.deepEqual(errorsFor(`<Endpoints>${endpoint}</Endpoints>`), [])
  })

  it('matches when everything is said', () => {
    const match = matchConfiguration(definition, configurationOf(role(whole) + network('')), new Set([thumbprint]))
    assert.deepEqual(match, { errors: [], warnings: [] })
  })

  const refused: readonly (readonly [
    situation: string,
    content: string,
    errors: readonly RegExp[],
    attributes?: string,
  ])[] = [
    [
      'another service name',
      role(whole) + network(''),
      [/service name 'Market' .* is not the name 'Shop'/],
      'serviceName="Market"',
    ],
    ['a role left out', network(''), [/Role 'Worker' declared .* is not specified/]],
    [
      'a role too many',
      `${role(whole)}<Role name="Web">${instances}</Role>${network('')}`,
      [/Role 'Web' specified .* is not declared/],
    ],
    [
      'a setting left out',
      role(instances + certificates) + network(''),
      [/Setting 'Queue' for role 'Worker' declared .* is not specified/],
    ],
    [
      'a certificate left out',
      role(instances + settings) + network(''),
      [/Certificate 'Tls' for role 'Worker' declared/],
    ],
    [
      'a certificate too many',
      role(
        instances + settings + certificates.replace('</C', `<Certificate name="X" thumbprint="${thumbprint}" /></C`),
      ) + network(''),
      [/Certificate 'X' for role 'Worker' specified/],
    ],
    [
      'more instances than public ports',
      role(whole.replace('"2"', '"3"')) + network(''),
      [/range '100-101' for endpoint Debug of role 'Worker' has fewer ports than the 3 instances/],
    ],
    [
      'an ACL on no endpoint',
      role(whole) + acl('role="Worker" endPoint="X" accessControl="Office"'),
      [/'X' of role 'Worker', which is no public endpoint/],
    ],
    [
      'an ACL without access control',
      role(whole) + acl('role="Worker" endPoint="Http" accessControl="X"'),
      [/access control 'X', which does not exist/],
    ],
    [
      'addresses for no role',
      role(whole) + network('<AddressAssignments><InstanceAddress roleName="X" /></AddressAssignments>'),
      [/role 'X', which is not declared/],
    ],
    [
      'no load balancer',
      role(whole),
      [/load balancer 'Internal', which the service configuration file does not define/],
    ],
    [
      'a setting in other letter case, once',
      role(whole.replace('name="Queue"', 'name="queue"')) + network(''),
      [/Setting 'queue' .* is not declared in the service definition file\. Did you mean 'Queue'\?/],
    ],
    [
      'a role in other letter case, once',
      `<Role name="worker">${whole}</Role>${network('')}`,
      [/Role 'worker' .* is not declared in the service definition file\. Did you mean 'Worker'\?/],
    ],
    ['several faults, all at once', role(instances) + network(''), [/Setting 'Queue'/, /Certificate 'Tls'/]],
  ]
  for (const [situation, content, expected, attributes] of refused)
    it(`refuses ${situation}`, () => {
      const { errors } = matchConfiguration(definition, configurationOf(content, attributes))
      assert.equal(errors.length, expected.length, errors.join('\n'))
      expected.forEach((error, index) => assert.match(errors[index] ?? '', error))
    })

  it('says undeclared settings in the words of the service, one frame a fault', () => {
    const two = settings.replace('</C', '<Setting name="A" value="" /><Setting name="B" value="" /></C')
    const { errors } = matchConfiguration(
      definition,
      configurationOf(role(instances + two + certificates) + network('')),
    )
    assert.equal(
      validationErrorText(errors),
      "Validation Errors: Error validating the .cscfg file against the .csdef file. Severity:Error, message:Setting 'A' for role 'Worker' specified in the service configuration file is not declared in the service definition file.," +
        "Error validating the .cscfg file against the .csdef file. Severity:Error, message:Setting 'B' for role 'Worker' specified in the service configuration file is not declared in the service definition file.",
    )
    assert.match(validationErrorText(['x'], 'Warning'), /Severity:Warning, message:x$/)
  })

  it('names a thumbprint that was not uploaded, without the frame', () => {
    const { errors } = matchConfiguration(definition, configurationOf(role(whole) + network('')), new Set())
    assert.equal(validationErrorText(errors), `The certificate with thumbprint ${thumbprint} was not found.`)
  })

  it('warns of development storage (P-12)', () => {
    const name = 'Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString'
    const diagnosed = definitionOf(worker(`<ConfigurationSettings><Setting name="${name}" /></ConfigurationSettings>`))
    const configuration = configurationOf(
      role(
        `${instances}<ConfigurationSettings><Setting name="${name}" value="UseDevelopmentStorage=true" /></ConfigurationSettings>`,
      ),
    )
    assert.match(
      matchConfiguration(diagnosed, configuration).warnings.join(),
      /Diagnostics of role 'Worker' transfers nothing[^]* is UseDevelopmentStorage=true/,
    )
  })
})
