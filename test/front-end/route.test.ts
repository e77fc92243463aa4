import assert from 'node:assert/strict'
import { test } from 'node:test'
import { route } from '../../src/front-end/rdfe/route.ts'
import { readTarget } from '../../src/front-end/rdfe/target.ts'
import { fine } from '../../src/kernel/fault.ts'

const shop = '/sub/services/hostedservices/shop'
const slot = `${shop}/deploymentslots/production`

/** Request → operation with its variables, or the code of the refusal. */
const table: readonly (readonly [method: string, target: string, expected: string])[] = [
  ['GET', '/sub', 'GetSubscription {}'],
  ['GET', '/sub/', 'GetSubscription {}'],
  ['GET', '/sub/services/hostedservices', 'ListHostedServices {}'],
  ['GET', '//sub//services//hostedservices/', 'ListHostedServices {}'],
  ['POST', '/sub/Services/HostedServices', 'CreateHostedService {}'],
  ['GET', `${shop}?embed-detail=true`, 'GetHostedService {"service":"shop"}'],
  ['PUT', shop, 'UpdateHostedService {"service":"shop"}'],
  ['DELETE', shop, 'DeleteHostedService {"service":"shop"}'],
  ['DELETE', `${shop}?comp=media`, 'DeleteHostedServiceAndDeployments {"service":"shop"}'],
  ['DELETE', `${shop}?Comp=MEDIA`, 'DeleteHostedServiceAndDeployments {"service":"shop"}'],
  ['POST', shop, 'SwapDeployment {"service":"shop"}'],
  ['GET', '/sub/services/hostedservices/operations/isavailable/shop', 'CheckNameAvailability {"service":"shop"}'],
  ['POST', slot, 'CreateDeployment {"service":"shop","slot":"Production"}'],
  ['POST', `${shop}/DeploymentSlots/STAGING/`, 'CreateDeployment {"service":"shop","slot":"Staging"}'],
  ['GET', slot, 'GetDeployment {"service":"shop","slot":"Production"}'],
  ['GET', `${shop}/deployments/v%201`, 'GetDeployment {"service":"shop","deployment":"v 1"}'],
  ['GET', `${shop}/deployments/v%252f`, 'GetDeployment {"service":"shop","deployment":"v%2f"}'],
  ['DELETE', `${slot}?comp=media`, 'DeleteDeployment {"service":"shop","slot":"Production"}'],
  ['POST', `${slot}/?comp=status`, 'UpdateDeploymentStatus {"service":"shop","slot":"Production"}'],
  ['POST', `${shop}/deployments/v1?comp=Status`, 'UpdateDeploymentStatus {"service":"shop","deployment":"v1"}'],
  ['POST', `${slot}/?comp=%20upgrade+`, 'UpgradeDeployment {"service":"shop","slot":"Production"}'],
  [
    'POST',
    `${slot}/roleinstances/Web_IN_0?comp=reboot`,
    'RebootRoleInstance {"service":"shop","slot":"Production","instance":"Web_IN_0"}',
  ],
  ['GET', '/sub/operations', 'ListSubscriptionOperations {}'],
  ['GET', '/sub/operations/0123', 'GetOperationStatus {"operation":"0123"}'],
  ['GET', '/sub/reddog/hosts', 'ListHosts {}'],
  ['GET', '/sub/services/virtualmachines', 'ResourceNotFound'],
  ['GET', '/sub/%zz', 'BadRequest'],
  ['GET', 'https://here:443/sub/locations?a=b', 'ListLocations {}'],
  ['GET', 'HTTP://here', 'GetSubscription {}'],
  ['GET', `${shop}/deploymentslots/testing`, 'ResourceNotFound'],
  ['GET', `${shop}/deploymentslots/constructor`, 'ResourceNotFound'],
  ['GET', `${shop}/deployments/__proto__`, 'GetDeployment {"service":"shop","deployment":"__proto__"}'],
  ['GET', `${slot}/roleinstances`, 'InvalidHttpVerb'],
  ['PATCH', shop, 'InvalidHttpVerb'],
  ['DELETE', '/sub/locations', 'InvalidHttpVerb'],
  ['POST', `${shop}/deployments/v1`, 'MissingOrInvalidRequiredQueryParameter'],
  ['POST', `${shop}/deployments/v1?comp=dance`, 'MissingOrInvalidRequiredQueryParameter'],
  ['POST', `${slot}/roleinstances/Web_IN_0`, 'MissingOrInvalidRequiredQueryParameter'],
]

for (const [method, target, expected] of table)
  test(`${method} ${target} is ${expected} (R-7 to R-10)`, () => {
    const { segments, query } = readTarget(target)
    const found = route(method, segments, query.get('comp'))
    const shown = found.ok ? `${found.value.operation} ${JSON.stringify(found.value.params)}` : found.fault.code
    assert.equal(shown, expected)
  })

test('A refusal names what would be right', () => {
  const wrongVerb = route('PATCH', fine(['locations']), undefined)
  assert.match(wrongVerb.ok ? '' : wrongVerb.fault.message, /PATCH is not offered here. Use GET/)
  const wrongComp = route('POST', fine(['services', 'hostedservices', 's', 'deployments', 'd']), 'dance')
  assert.match(wrongComp.ok ? '' : wrongComp.fault.message, /comp is "dance". Use status or config or upgrade/)
})
