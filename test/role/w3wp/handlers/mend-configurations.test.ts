import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { mendConfigurations } from '../../../../src/role/w3wp/handlers/asp-net/mend-configurations.ts'

const refused = '<configuration><system.web><httpRuntime fcnMode="Single"/></system.web></configuration>'
const mended = '<configuration><system.web><httpRuntime/></system.web></configuration>'

describe('mending what Mono refuses in web.config files', () => {
  let site = ''
  let said: string[] = []
  const mend = () => mendConfigurations(site, (line) => said.push(line))

  beforeEach(() => {
    site = mkdtempSync(join(tmpdir(), 'site-'))
    said = []
  })

  afterEach(() => rmSync(site, { recursive: true }))

  it('mends those of directories too, once', () => {
    mkdirSync(join(site, 'Sub/deep'), { recursive: true })
    for (const path of ['Web.config', 'Sub/deep/web.CONFIG']) writeFileSync(join(site, path), refused)
    mend()
    assert.deepEqual(said, [
      'ASP.NET: Web.config is read without httpRuntime/@fcnMode, which Mono does not know.',
      'ASP.NET: Sub/deep/web.CONFIG is read without httpRuntime/@fcnMode, which Mono does not know.',
    ])
    assert.equal(readFileSync(join(site, 'Sub/deep/web.CONFIG'), 'utf8'), mended)
    const { ino } = statSync(join(site, 'Web.config'))
    mend()
    assert.equal(said.length, 2)
    assert.equal(statSync(join(site, 'Web.config')).ino, ino)
  })

  it('says of a file in UTF-16 that it is UTF-8 then, whatever the quotes of its declaration', () => {
    const declared = (encoding: string) => `<?xml version='1.0' encoding='${encoding}'?>`
    writeFileSync(join(site, 'web.config'), Buffer.from(`\ufeff${declared('utf-16')}${refused}`, 'utf16le'))
    mend()
    assert.equal(readFileSync(join(site, 'web.config'), 'utf8'), `${declared('utf-8')}${mended}`)
  })

  it('spells the files that a configuration names as they are on the disk', () => {
    mkdirSync(join(site, 'conf'))
    writeFileSync(join(site, 'conf/settings.config'), '<appSettings/>')
    const config = (settings: string, strings: string) =>
      `<configuration><appSettings file="${settings}"/><connectionStrings configSource='${strings}' /><!-- configSource="a\\b" --></configuration>`
    writeFileSync(join(site, 'web.config'), config('Conf\\Settings.config', '..\\none.config'))
    mend()
    assert.equal(readFileSync(join(site, 'web.config'), 'utf8'), config('conf/settings.config', '../none.config'))
    assert.deepEqual(said, [
      'ASP.NET: web.config is read with conf/settings.config for Conf\\Settings.config, and with ../none.config for ..\\none.config.',
    ])
    mend()
    assert.equal(said.length, 1)
  })

  it('leaves what it cannot read, and says so', () => {
    mkdirSync(join(site, 'web.config'))
    symlinkSync('nowhere', join(site, 'Web.config'))
    mend()
    assert.match(said.join('\n'), /^ASP\.NET: Web\.config cannot be mended: ENOENT.*$/)
    mendConfigurations(join(site, 'none'), (line) => said.push(line))
    assert.equal(said.length, 1)
  })
})
