import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  configurationDifferences,
  rolesTouched,
} from '../../src/client/portal/browser/configuration/configuration-differences.ts'
import { configurationFaults, sentencesAt } from '../../src/client/portal/browser/configuration/configuration-faults.ts'
import {
  changeAt,
  configurationForm,
  type Place,
} from '../../src/client/portal/browser/configuration/configuration-form.ts'
import { rebased } from '../../src/client/portal/browser/configuration/rebase.ts'
import { withChanges } from '../../src/service-model/write-configuration.ts'

const source = `\uFEFF<?xml version="1.0"?>
<!-- kept: <Role name="Web"><Instances count="9"/></Role> -->
<c:ServiceConfiguration serviceName="Shop" osFamily='4'
  xmlns:c="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <c:Role name="Web">
    <c:Instances count="2" />
    <c:ConfigurationSettings>
      <c:Setting value="a name='Other' value='x'" name="Motto" />
      <c:Setting name="Other"   value = '' /><!-- kept -->
    </c:ConfigurationSettings>
    <c:Certificates>
      <c:Certificate name="Ssl" thumbprint="${'A'.repeat(40)}" thumbprintAlgorithm="sha1" />
    </c:Certificates>
  </c:Role>
  <c:Role name="A&amp;B">
    <c:Instances count="1" />
    <c:ConfigurationSettings>
      <c:Setting name="Motto" value="mine" />
    </c:ConfigurationSettings>
  </c:Role>
</c:ServiceConfiguration>
`

function changed(text: string, place: Place, value: string): string {
  return withChanges(text, changeAt(place, value))
}

describe('a configuration as a form', () => {
  it('shows each value with its line', () => {
    const form = configurationForm(source)
    assert.equal(form?.serviceName, 'Shop')
    assert.deepEqual(form?.osFamily, { value: '4', line: 4 })
    assert.deepEqual(form?.osVersion, { value: '', line: 4 })
    assert.deepEqual(form?.roles[0]?.settings, [
      { name: 'Motto', value: `a name='Other' value='x'`, line: 8 },
      { name: 'Other', value: '', line: 9 },
    ])
    assert.deepEqual(form?.roles[1], {
      name: 'A&B',
      instances: { value: '1', line: 16 },
      settings: [{ name: 'Motto', value: 'mine', line: 18 }],
      certificates: [],
    })
  })

  it('is none of a text that is no configuration, and of one too long to be one', () => {
    for (const text of ['', '<a/>', '<ServiceConfiguration>', `<ServiceConfiguration>${' '.repeat(2 ** 20)}`])
      assert.equal(configurationForm(text), undefined)
  })

  it('writes one value, and keeps all the rest of the text as it was', () => {
    const setting = changed(source, { what: 'setting', role: 'Web', name: 'Other' }, `<"$&'>`)
    assert.equal(setting, source.replace(`value = ''`, `value = "&lt;&quot;$&amp;'&gt;"`.replaceAll('$', '$$$$')))
    const instances = changed(source, { what: 'instances', role: 'A&B' }, '7')
    assert.equal(instances, source.replace('count="1"', 'count="7"'))
    const thumbprint = changed(source, { what: 'certificate', role: 'Web', name: 'Ssl' }, 'B')
    assert.equal(thumbprint, source.replace('A'.repeat(40), 'B'))
    assert.equal(changed(source, { what: 'osFamily' }, '5'), source.replace(`'4'`, '"5"'))
  })

  it('adds an attribute that was not there', () => {
    const text = changed(source, { what: 'osVersion' }, '*')
    assert.equal(configurationForm(text)?.osVersion.value, '*')
    assert.equal(text, source.replace('ServiceConfiguration">', 'ServiceConfiguration" osVersion="*">'))
  })

  it('is in step with the text whatever is typed, and says what the fabric would say of it', () => {
    const text = changed(source, { what: 'instances', role: 'Web' }, 'many')
    assert.equal(configurationForm(text)?.roles[0]?.instances?.value, 'many')
    const faults = configurationFaults(text)
    assert.match(sentencesAt(faults, 6) ?? '', /count of Instances is a whole number from 1 to 10000; found "many"/)
    assert.equal(sentencesAt(faults, 7), undefined)
    assert.deepEqual(configurationFaults(source).errors, [])
  })

  it('says the line of what is no XML', () => {
    const [fault] = configurationFaults('<a>\n\n</b>').errors
    assert.equal(fault?.line, 3)
    assert.match(fault?.sentence ?? '', /^not well-formed XML/)
  })
})

describe('what differs between two configurations', () => {
  it('is said value by value', () => {
    const text = changed(
      changed(source, { what: 'instances', role: 'Web' }, '3'),
      { what: 'setting', role: 'A&B', name: 'Motto' },
      'yours',
    )
    assert.deepEqual(configurationDifferences(source, text), [
      { place: { what: 'instances', role: 'Web' }, before: '2', after: '3' },
      { place: { what: 'setting', role: 'A&B', name: 'Motto' }, before: 'mine', after: 'yours' },
    ])
    assert.deepEqual(configurationDifferences(source, source), [])
  })

  it('is elsewhere when no value of the form has changed', () => {
    assert.deepEqual(configurationDifferences(source, source.replace('kept', 'changed')), ['elsewhere'])
    assert.deepEqual(configurationDifferences(source, 'nothing'), ['elsewhere'])
  })

  it('names roles that come and go', () => {
    const renamed = source.replace('A&amp;B', 'C')
    assert.deepEqual(configurationDifferences(source, renamed), [
      { role: 'C', isAdded: true },
      { role: 'A&B', isAdded: false },
    ])
  })

  it('may bring down the roles whose settings or certificates change, and all for another guest OS (U-48 to U-50)', () => {
    const roles = ['Web', 'A&B']
    const touched = (place: Place) => rolesTouched([{ place, before: '', after: 'x' }], roles)
    assert.deepEqual(touched({ what: 'certificate', role: 'Web', name: 'Ssl' }), ['Web'])
    assert.deepEqual(touched({ what: 'osVersion' }), roles)
    assert.deepEqual(touched({ what: 'instances', role: 'Web' }), [])
    assert.deepEqual(rolesTouched(['elsewhere'], roles), [])
  })
})

describe('two people who change a configuration at once', () => {
  it("have both what they wanted, where one's values are put on top of the other's text", () => {
    const mine = changed(source, { what: 'instances', role: 'Web' }, '5')
    const theirs = changed(source, { what: 'setting', role: 'Web', name: 'Other' }, 'theirs')
    assert.equal(rebased(source, mine, theirs), changed(theirs, { what: 'instances', role: 'Web' }, '5'))
  })

  it('are told that it cannot be done for what is no value of the form', () => {
    assert.equal(rebased(source, source.replace('kept', 'changed'), source), undefined)
  })
})
