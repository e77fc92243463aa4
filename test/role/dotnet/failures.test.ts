/** What a .NET entry point can do wrong: the states, details and log lines are those that a module of Node gets (H-28 to H-31, T-7). */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Guest, hasStatus, isReady, until, writeTree } from '../../guest/guest.ts'
import { compileLibrary, type DotnetHouse, dotnetHouse, inDotnetGuest, inGuestOf, libraryModel } from './dotnet-role.ts'
import { compiled, withoutMono } from './mono.ts'

let house: DotnetHouse
before(async () => {
  if (!withoutMono) house = await dotnetHouse()
})
after(() => house?.dispose())

const onStart = (body: string) => `public override bool OnStart() { ${body} return true; }`
const run = (body: string) => `public override void Run() { ${body} Thread.Sleep(-1); }`

/** What the role does, and what the details say then: the cycle of a role that ends again and again. */
const rows: readonly (readonly [what: string, members: string, details: RegExp])[] = [
  [
    'OnStart throws',
    onStart('throw new InvalidOperationException("no queue");'),
    /Unhandled Exception: System\.InvalidOperationException: no queue \(in OnStart\) System\.InvalidOperationException: no queue\s+at Worker\.OnStart/,
  ],
  [
    'a static constructor throws',
    `static Worker() { throw new ArgumentException("static"); } ${onStart('')}`,
    /Unhandled Exception: System\.TypeInitializationException: .*\(in loading\).*System\.ArgumentException: static\s+at Worker\.\.cctor/,
  ],
  [
    'the constructor throws',
    'public Worker() { throw new ArgumentException("made"); }',
    /Unhandled Exception: System\.ArgumentException: made \(in loading\)/,
  ],
  ['OnStart returns false', 'public override bool OnStart() => false;', /OnStart returned false/],
  [
    'Run throws',
    run('throw new Exception("in " + "Run");'),
    /Unhandled Exception: System\.Exception: in Run \(in Run\)/,
  ],
  [
    'a thread of its own throws',
    run('new Thread(() => throw new Exception("on a thread")).Start();'),
    /Unhandled Exception: System\.Exception: on a thread \(in Run\)/,
  ],
  ['OnStart ends the process', onStart('Environment.Exit(7);'), /The host process ended with exit code 7/],
  ['OnStart fails fast', onStart('Environment.FailFast("enough");'), /The host process was ended by SIG\w+/],
  [
    'the stack overflows',
    `int deep(int n) => n + deep(n + 1); ${onStart('deep(0);')}`,
    /The host process was ended by SIG\w+|StackOverflowException/,
  ],
]

describe('a .NET entry point that fails is started again, and the details say why', { skip: withoutMono }, () => {
  for (const [what, members, details] of rows)
    it(what, () =>
      inDotnetGuest(house, members, async (guest) => {
        const { description = '' } = await guest.host.health(hasStatus('CyclingRole'), 'CyclingRole')
        assert.match(description, details)
        assert.match(guest.log('Windows Azure'), /\[10006\]/)
        assert.deepEqual(readdirSync(join(guest.root, 'e/approot')), ['Worker.dll'])
      }),
    )

  it('the log has the whole exception, and OnStop is not called after one (H-30, T-7)', () =>
    inDotnetGuest(
      house,
      `${onStart('throw new Exception("x");')} public override void OnStop() => Console.WriteLine("OnStop");`,
      async (guest) => {
        await guest.host.health(hasStatus('CyclingRole'), 'CyclingRole')
        assert.match(
          guest.log('WaWorkerHost'),
          /Unhandled Exception in OnStart: System\.Exception: x\s+at Worker\.OnStart/,
        )
        assert.doesNotMatch(guest.log('WaWorkerHost'), /OnStop/)
      },
    ))
})

describe('a library that cannot be the entry point', { skip: withoutMono }, () => {
  async function inGuestWith(fill: (approot: string) => void, act: (guest: Guest) => Promise<void>): Promise<void> {
    const software = mkdtempSync(join(tmpdir(), 'reddog-dotnet-role-'))
    try {
      writeTree(software, { 'RoleModel.xml': libraryModel('Worker.dll'), 'approot/readme.txt': '' })
      fill(join(software, 'approot'))
      await inGuestOf(house, software, act)
    } finally {
      rmSync(software, { recursive: true })
    }
  }

  const details = async (guest: Guest) =>
    (await guest.host.health(hasStatus('CyclingRole'), 'CyclingRole')).description ?? ''

  it('misses a library that it was built with: its name is told (Q-4)', () =>
    inGuestWith(
      (approot) => {
        const other = join(approot, 'Other.dll')
        compileLibrary(house, other, 'public class Other { public static string Name = "other"; }')
        const source = 'public class Worker : RoleEntryPoint { Other other = new Other(); }'
        compileLibrary(house, join(approot, 'Worker.dll'), source, [other])
        rmSync(other)
      },
      async (guest) => assert.match(await details(guest), /(?:FileNotFound|TypeLoad)Exception: .*Other/),
    ))

  it('is none of .NET', () =>
    inGuestWith(
      (approot) => writeFileSync(join(approot, 'Worker.dll'), `MZ${'\0'.repeat(2000)}`),
      async (guest) => assert.match(await details(guest), /BadImageFormatException/),
    ))

  it('has no RoleEntryPoint', () =>
    inGuestWith(
      (approot) => compileLibrary(house, join(approot, 'Worker.dll'), 'public class Worker { }'),
      async (guest) =>
        assert.match(await details(guest), /has no entry point: no class in it derives from RoleEntryPoint/),
    ))

  it('is not there', () =>
    inGuestWith(
      () => {},
      async (guest) => assert.match(await details(guest), /The package has no library "Worker\.dll" in approot/),
    ))

  it('stands in another case, beside a copy of the SDK of Windows, which is set aside', () =>
    inGuestWith(
      (approot) => {
        const copy = 'Microsoft.WindowsAzure.serviceRuntime.dll'
        const source = onStart(
          `Console.WriteLine(Assembly.Load("Microsoft.WindowsAzure.ServiceRuntime, Version=1.8.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35").Location);
          Console.WriteLine("speaks " + typeof(Worker).Assembly.GetSatelliteAssembly(new System.Globalization.CultureInfo("de")).GetName().CultureName);`,
        )
        const library = `using System; using System.Reflection; using Microsoft.WindowsAzure.ServiceRuntime; public class Worker : RoleEntryPoint { ${source} }`
        compileLibrary(house, join(approot, 'WORKER.DLL'), library)
        writeFileSync(join(approot, copy), 'another')
        mkdirSync(join(approot, 'DE'))
        const german = compiled('WORKER.resources', '[assembly: System.Reflection.AssemblyCulture("de")]')
        writeFileSync(join(approot, 'DE/Worker.resources.dll'), german)
      },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        assert.ok(guest.log('WaWorkerHost').includes(house.compiled))
        assert.match(guest.log('WaWorkerHost'), /speaks de/)
        assert.match(guest.log('WaHostBootstrapper'), /serviceRuntime\.dll of the package is set aside/)
      },
    ))

  it('is not named: the first one in the order of names that has a RoleEntryPoint is taken (I-18)', () =>
    inGuestWith(
      (approot) => {
        writeTree(approot, {
          '../RoleModel.xml': libraryModel('').replace(/<EntryPoint>.*<\/EntryPoint>/s, ''),
          'A.dll': 'MZ',
        })
        // As in System.Web.Helpers.dll, which every site with MVC has.
        const vendor = join(approot, 'Vendor.dll')
        compileLibrary(house, vendor, 'public struct Vendor { }')
        compileLibrary(house, join(approot, 'B.dll'), 'public class B { Vendor field; }', [vendor])
        rmSync(vendor)
        // As Microsoft's MonAgentListener.dll does, which the SDK lays beside each role.
        const xml = compiled('System.Xml', 'namespace System.Diagnostics.Eventing { public class EventProvider {} }')
        const listener = 'public class Listener { public System.Diagnostics.Eventing.EventProvider events; }'
        writeFileSync(join(approot, 'B2.dll'), compiled('B2', listener, { 'System.Xml': xml }))
        for (const name of ['D', 'c'])
          compileLibrary(house, join(approot, `${name}.dll`), `public class ${name} : RoleEntryPoint { }`)
      },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        assert.match(guest.log('WaWorkerHost'), /Loading \S*\/c\.dll\./)
      },
    ))
})

describe('the end of a .NET role', { skip: withoutMono }, () => {
  it('Run that returns recycles it: Stopping and OnStop run first (H-31)', () =>
    inDotnetGuest(
      house,
      'public override void Run() { } public override void OnStop() => Console.WriteLine("in OnStop");',
      async (guest) => {
        await until(() => guest.log('WaWorkerHost').split('Loading').length > 2, 'started again')
        assert.match(guest.log('WaWorkerHost'), /Run returned\.\n\[\S+\] Stopping\.\nin OnStop\n\[\S+\] OnStop ended\./)
      },
    ))

  it('OnStop over its limit is ended at the deadline (H-28)', () =>
    inDotnetGuest(house, 'public override void OnStop() => Thread.Sleep(-1);', async (guest) => {
      await guest.host.health(isReady, 'Ready')
      guest.host.want({ role: 'Stopped' })
      await guest.host.health(({ state }) => state === 'Stopped', 'Stopped', 30_000)
      assert.deepEqual(guest.pids('RoleHost'), [])
    }))

  it('OnStop ends it whatever else runs (H-29): foreground threads, loops at full load', () =>
    inDotnetGuest(house, run('new Thread(() => { while (true) { } }).Start(); while (true) { }'), async (guest) => {
      await guest.host.health(isReady, 'Ready')
      guest.host.want({ role: 'Stopped' })
      await guest.host.health(({ state }) => state === 'Stopped', 'Stopped')
    }))

  it('what closes its output, or writes to it after that, runs on', () =>
    inDotnetGuest(
      house,
      onStart(
        'Console.Out.Close(); Console.OpenStandardOutput().Close(); Console.WriteLine("lost"); Console.Error.WriteLine("kept");',
      ),
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        assert.doesNotMatch(guest.log('WaWorkerHost'), /Exception/)
      },
    ))
})
