/** The command line as a script meets it: forms, exit codes, and sentences that say what to do (design.md 5). */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { bundleOf } from '../bundle.ts'

const main = bundleOf('reddog')
const example = join(import.meta.dirname, '../../examples/hello-worker')
let directory: string

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'cli-'))
})
after(() => rmSync(directory, { recursive: true }))

function reddog(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], { cwd: directory, encoding: 'utf8' })
  return { code: status, stdout, stderr }
}

describe('the command line', () => {
  it('lists every verb with its form when nothing is asked', () => {
    const { code, stdout } = reddog()
    assert.equal(code, 0)
    for (const verb of [
      'up',
      'down',
      'pack',
      'service create',
      'deploy',
      'upgrade',
      'walk',
      'rollback',
      'swap',
      'config',
      'scale',
      'cert add',
      'status',
      'events',
      'logs',
      'instance reboot',
    ])
      assert.match(stdout, new RegExp(`^  reddog ${verb}\\b`, 'm'))
  })

  it('lists up and down in the words of the README', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
    const { stdout } = reddog()
    for (const verb of ['up', 'down']) {
      const form = new RegExp(`^  (reddog ${verb} .*)$`, 'm').exec(stdout)?.[1]
      assert.ok(form && readme.includes(`\nbin/${form}\n`), form)
    }
  })

  it('explains one verb with --help', () => {
    const { code, stdout } = reddog('deploy', '--help')
    assert.equal(code, 0)
    assert.match(stdout, /^ {2}reddog deploy PACKAGE \[CONFIGURATION\] --service NAME/)
  })

  it('answers a wrong use with 2 and the right form', () => {
    assert.deepEqual(reddog('deploy', '--service', 'x', '--sloth', 'staging', 'p', 'c').code, 2)
    const { code, stderr } = reddog('logs', '--service', 'x')
    assert.equal(code, 2)
    assert.match(stderr, /Write: reddog logs INSTANCE \[NAME\] --service NAME/)
    assert.match(reddog('status', 'everything').stderr, /"everything" does not fit\. Write: reddog status/)
  })

  it('names the verbs that there are, and the ones of a family', () => {
    const { code, stderr } = reddog('service', 'remove', 'x')
    assert.equal(code, 2)
    assert.equal(
      stderr,
      'reddog: No verb is called "service remove". There are: service create, service list, service show, service delete.\n',
    )
  })

  it('says where it looked for a fabric, and how to get one', () => {
    const { code, stderr } = reddog('status')
    assert.equal(code, 1)
    assert.equal(
      stderr,
      `reddog: No fabric was found: there is no file ${join(directory, '.reddog/reddog.publishsettings')}. Start one with "reddog up", or name one with --data DIR or --publish-settings FILE.\n`,
    )
  })

  it('keeps standard output for JSON with --json, errors too', () => {
    const { code, stdout } = reddog('status', '--json')
    assert.equal(code, 1)
    assert.match((JSON.parse(stdout) as { error: string }).error, /^No fabric was found/)
  })

  it('names the words of an option, and what a scale or a walk is written like', () => {
    const wrong = {
      '--mode sideways: write one of auto, automatic, manual, simultaneous.': [
        'upgrade',
        example,
        '--mode',
        'sideways',
      ],
      '--on-failure cry: write one of hold, rollback, continue.': ['upgrade', example, '--on-failure', 'cry'],
      '"Web" does not say how many of what. Write ROLE=COUNT, for example Web=4.': ['scale', 'Web'],
      '"first" is no upgrade domain. Write its number, counted from 0.': ['walk', 'first'],
      '--slot sloth: write one of production, staging.': ['suspend', '--slot', 'sloth'],
    }
    for (const [sentence, words] of Object.entries(wrong)) {
      const { code, stderr } = reddog(...words, '--service', 'x')
      assert.deepEqual([code, stderr], [2, `reddog: ${sentence}\n`])
    }
  })

  it('says of a file that cannot be read why not, in one sentence', () => {
    const empty = join(directory, 'empty.cscfg')
    const scribble = join(directory, 'scribble')
    writeFileSync(empty, '\n')
    writeFileSync(scribble, 'root:x:0:0\n')
    const wrong = {
      'The configuration . is a directory. Name a file.': ['config', '.'],
      'The configuration nofile does not exist. Check the path.': ['config', 'nofile'],
      [`The configuration ${empty} is empty. Name a .cscfg file with a ServiceConfiguration in it.`]: ['config', empty],
      [`The configuration ${directory} is a directory. Name a file.`]: ['deploy', example, directory],
      'The package nofile does not exist. Check the path.': ['upgrade', 'nofile'],
      'The certificate file . is a directory. Name a file.': ['cert', 'add', '.'],
      [`The publish settings file ${directory} is a directory. Name a file.`]: ['suspend', '--publish-settings', '.'],
      [`${scribble} is no publish settings file: text data outside of root node. Name the reddog.publishsettings of a fabric's data directory.`]:
        ['suspend', '--publish-settings', scribble],
    }
    for (const [sentence, words] of Object.entries(wrong)) {
      const { code, stderr } = reddog(...words, '--service', 'x')
      assert.deepEqual([code, stderr], [1, `reddog: ${sentence}\n`])
    }
  })

  it('takes one count of a role, and says which option lacks its value', () => {
    const wrong = {
      '"Web" is given several counts: Web=5 Web=6. Write one.': ['scale', 'Web=5', 'Web=6', '--service', 'x'],
      '--service needs a value, and none was given. Write: reddog walk [DOMAIN] --service NAME [--slot production|staging] [--no-wait]':
        ['walk', '--service'],
      '--service needs a value, and none was given. Write: reddog swap --service NAME': ['swap', '--service', '--json'],
      'There is no option --sloth. Write: reddog swap --service NAME': ['swap', '--sloth'],
    }
    for (const [sentence, words] of Object.entries(wrong)) {
      const { code, stderr } = reddog(...words)
      assert.deepEqual([code, stderr], [2, `reddog: ${sentence}\n`])
    }
  })

  it('ends quietly when its reader has gone', async () => {
    const child = spawn(process.execPath, [main, 'help'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    assert.deepEqual([(await once(child, 'close'))[0], stderr], [141, ''])
  })

  it('says of a package that cannot be written why not', () => {
    const { code, stderr } = reddog('pack', example, '--out', directory)
    assert.equal(code, 1)
    assert.equal(stderr, `reddog: The package ${directory} was not made: ${directory} is a directory. Name a file.\n`)
  })

  it('packs a definition with the directory that bears the role’s name', () => {
    const out = join(directory, 'hello.cspkg')
    const { code, stdout } = reddog('pack', join(example, 'ServiceDefinition.csdef'), '--out', out)
    assert.equal(code, 0)
    assert.match(stdout, /hello\.cspkg: \d+ files, \d+ bytes\n$/)
    assert.ok(existsSync(out))
  })

  it('names the directory of a role that is missing', () => {
    mkdirSync(join(directory, 'bare'))
    const definition = join(directory, 'bare/ServiceDefinition.csdef')
    writeFileSync(
      definition,
      '<ServiceDefinition name="S" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition"><WorkerRole name="Absent"/></ServiceDefinition>',
    )
    const { code, stderr } = reddog('pack', definition, '--out', join(directory, 'bare.cspkg'))
    assert.equal(code, 1)
    assert.match(stderr, /Absent/)
  })

  it('packs what a build script asked cspack for, to the same bytes as in its own words', () => {
    const source = join(directory, 'ported')
    for (const part of ['bin/Release', 'www/site']) mkdirSync(join(source, part), { recursive: true })
    writeFileSync(join(source, 'bin/Release/Job.dll'), 'MZ')
    writeFileSync(join(source, 'www/site/index.html'), 'a')
    writeFileSync(join(source, 'web.txt'), 'RoleType=Web\n')
    const definition = join(source, 'Shop.csdef')
    writeFileSync(
      definition,
      `<ServiceDefinition name="Shop" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">
        <WorkerRole name="Job"/>
        <WebRole name="Web"><Sites><Site name="Main" physicalDirectory="elsewhere"><Bindings><Binding name="a" endpointName="a"/></Bindings></Site></Sites>
          <Endpoints><InputEndpoint name="a" protocol="http" port="80"/></Endpoints></WebRole>
      </ServiceDefinition>`,
    )
    const pack = (out: string, ...words: readonly string[]) => {
      const { code, stderr } = reddog('pack', definition, '--deterministic', ...words)
      assert.deepEqual([code, stderr], [0, ''])
      return readFileSync(join(directory, out))
    }
    const ours = pack(
      'ours.cspkg',
      '--role',
      'Job=ported/bin/Release',
      '--assembly',
      'Job=Job.dll',
      '--role',
      'Web=ported/www',
      '--site',
      'Web/Main=ported/www/site',
      '--properties',
      'Web=ported/web.txt',
      '--format',
      '2012-03-15',
      '--out',
      'ours.cspkg',
    )
    const theirs = pack(
      'theirs.cspkg',
      '/role:Job;"ported\\bin\\Release";Job.dll',
      '/ROLE:Web;ported\\www',
      '/sites:Web;Main;ported\\www\\site',
      '/rolePropertiesFile:Web;ported\\web.txt',
      '/useCtpPackageFormat',
      '/out:theirs.cspkg',
    )
    assert.ok(ours.equals(theirs))
    const layout = reddog(
      'pack',
      definition,
      '/role:Job;ported/bin/Release;Job.dll',
      '/role:Web;ported/www',
      '/sites:Web;Main;ported/www/site',
      '/copyOnly',
      '/out:Shop.csx',
    )
    assert.deepEqual([layout.code, layout.stderr], [0, ''])
    const again = reddog('pack', 'Shop.csx', '--out', 'again.cspkg')
    assert.deepEqual([again.code, again.stderr, existsSync(join(directory, 'again.cspkg'))], [0, '', true])
  })

  for (const [word, says] of [
    ['/role:Web', '/role:Web: write /role:ROLE;DIRECTORY[;ASSEMBLY].'],
    ['/convertToCTPPackage:a;b', 'Pack the sources again with /useCtpPackageFormat.'],
    ['/generateConfigurationFile:a', 'Write the .cscfg by hand'],
  ] as const)
    it(`says of ${word} of cspack what to write instead`, () => {
      const { code, stderr } = reddog('pack', example, word, '--out', 'x.cspkg')
      assert.equal(code, 2)
      assert.ok(stderr.includes(says), stderr)
      assert.ok(!existsSync(join(directory, 'x.cspkg')))
    })
})
