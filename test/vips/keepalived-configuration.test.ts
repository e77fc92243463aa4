/** What keepalived and nft are told on one machine. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type KeepalivedPlan, keepalivedConfiguration } from '../../src/machine/vips/keepalived-configuration.ts'
import { machinesRules, segmentRules } from '../../src/machine/vips/segment-rules.ts'

const plan: KeepalivedPlan = {
  machine: 'm2',
  address: '192.0.2.2',
  link: 'eth0',
  others: ['192.0.2.1', '192.0.2.3'],
  vips: ['192.0.2.100', '192.0.2.101'],
  network: 7,
  trackFile: '/x/serving',
}

/** What stands in a block of the configuration. */
function block(text: string, name: string): readonly string[] {
  const inside = new RegExp(`^ *${name} \\{\\n([^}]*)\\}`, 'm').exec(text)?.[1] ?? ''
  return inside.split('\n').flatMap((line) => line.trim() || [])
}

it('adverts go to the other machines alone, and name no VIP, so that machines which leave one out believe each other', () => {
  const text = keepalivedConfiguration(plan)
  assert.deepEqual(block(text, 'unicast_peer'), plan.others)
  assert.deepEqual(block(text, 'virtual_ipaddress'), ['127.7.0.5/32 dev lo'])
  assert.deepEqual(block(text, 'virtual_ipaddress_excluded'), ['192.0.2.100/32 dev eth0', '192.0.2.101/32 dev eth0'])
  assert.match(text, /^ {2}nopreempt$/m)
  assert.doesNotMatch(text, /auth_pass/)
})

it('machines have priorities of their own, and one that is alone sends adverts to itself, not to everybody', () => {
  const all = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
  const priorities = all.map((address) => {
    const others = all.filter((one) => one !== address)
    return /priority (\d+)/.exec(keepalivedConfiguration({ ...plan, address, others }))?.[1]
  })
  assert.deepEqual(priorities, ['254', '253', '252'])
  assert.deepEqual(block(keepalivedConfiguration({ ...plan, others: [] }), 'unicast_peer'), ['192.0.2.2'])
})

it('adverts are believed of the machines, and of them alone from the segment', () => {
  const rules = segmentRules('rdvips-7', { address: '192.0.2.2', link: 'eth0', range: '192.0.2.100-192.0.2.101' })
  assert.match(rules, /ip ttl != 255 drop\n *ip saddr != @machines drop/)
  assert.match(
    machinesRules('rdvips-7', plan.others),
    /^flush set .*\nadd element ip rdvips-7 machines \{ 192\.0\.2\.1, 192\.0\.2\.3 \}\n$/,
  )
  assert.equal(machinesRules('rdvips-7', []), 'flush set ip rdvips-7 machines\n')
})
