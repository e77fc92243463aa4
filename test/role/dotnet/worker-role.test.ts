/** A worker role of .NET in a guest: WaWorkerHost by Mono, from OnStart to OnStop, with the same states and lines as for Node. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { after, before, describe, it } from 'node:test'
import { isReady, until } from '../../guest/guest.ts'
import { type DotnetHouse, dotnetHouse, inDotnetGuest } from './dotnet-role.ts'
import { withoutMono } from './mono.ts'

let house: DotnetHouse
before(async () => {
  if (!withoutMono) house = await dotnetHouse()
})
after(() => house?.dispose())

const plain = `
  public override bool OnStart()
  {
    RoleEnvironment.Stopping += (sender, args) => Console.WriteLine("stopping");
    Console.WriteLine("OnStart " + RoleEnvironment.GetConfigurationSettingValue("Queue"));
    return base.OnStart();
  }
  public override void OnStop() => Console.WriteLine("OnStop");`

/** What a log says, without the times. */
const untimed = (text: string) => text.replace(/^\[[\d:.TZ-]+\] /gm, '')

describe('a worker role of .NET', { skip: withoutMono }, () => {
  it('goes through OnStart, Run, Stopping and OnStop in a process called WaWorkerHost, below the agents (H-6, H-27, F-23)', () =>
    inDotnetGuest(house, plain, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const [pid = 0] = guest.pids('RoleHost.exe')
      assert.equal(readFileSync(`/proc/${pid}/comm`, 'utf8'), 'WaWorkerHost\n')
      assert.match(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), /^WaWorkerHost\0/)
      assert.equal(getPriority(pid), 5)
      // Ready is told before Run (H-27), which is another thread's.
      await until(() => guest.log('WaWorkerHost').includes('Run begins.'), 'Run begins')
      guest.host.want({ role: 'Stopped' })
      await guest.host.health(({ state }) => state === 'Stopped', 'Stopped')
      const library = `${guest.root}/e/approot/Worker.dll`
      assert.equal(
        untimed(guest.log('WaWorkerHost')),
        `Loading ${library}.\nOnStart begins.\nOnStart orders\nOnStart ended with true.\nRun begins.\nStopping.\nstopping\nOnStop\nOnStop ended.\n`,
      )
      assert.match(guest.log('WaHostBootstrapper'), /Host process WaWorkerHost with Worker\.dll started/)
    }))

  it('has its own configuration file: settings, and the listener that Diagnostics collects from (I-17, P-14)', () =>
    inDotnetGuest(
      house,
      `public override bool OnStart()
      {
        Console.WriteLine(System.Configuration.ConfigurationManager.AppSettings["Colour"] + " " + AppDomain.CurrentDomain.BaseDirectory);
        Trace.TraceInformation("one\\ntwo"); Trace.TraceError("three {0}", 3); Trace.Write("f"); Trace.WriteLine("our");
        return true;
      }`,
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const traced = `blue ${guest.root}/e/approot/\n<6>one\n<6>two\n<3>three 3\n<7>four\n`
        assert.ok(untimed(guest.log('WaWorkerHost')).includes(traced), guest.log('WaWorkerHost'))
      },
      {
        'approot/Worker.dll.config': `<configuration><appSettings><add key="Colour" value="blue" /></appSettings>
<system.diagnostics><trace><listeners><add name="AzureDiagnostics" type="Microsoft.WindowsAzure.Diagnostics.DiagnosticMonitorTraceListener, Microsoft.WindowsAzure.Diagnostics, Version=1.8.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35"><filter type="" /></add></listeners></trace></system.diagnostics></configuration>`,
      },
    ))

  it('hears of changes, takes them or has itself restarted for them (U-48)', () =>
    inDotnetGuest(
      house,
      `public override bool OnStart()
      {
        RoleEnvironment.Changing += (sender, args) =>
        {
          var change = (RoleEnvironmentConfigurationSettingChange)args.Changes.Single();
          Console.WriteLine("changing " + change.ConfigurationSettingName + " " + RoleEnvironment.GetConfigurationSettingValue("Queue"));
          args.Cancel = File.Exists("cancel");
        };
        RoleEnvironment.Changed += (sender, args) => { Console.WriteLine("changed " + RoleEnvironment.GetConfigurationSettingValue("Queue")); File.WriteAllText("cancel", ""); };
        Console.WriteLine("with " + RoleEnvironment.GetConfigurationSettingValue("Queue"));
        return true;
      }`,
      async (guest) => {
        const want = (Queue: string) => {
          const { configuration } = guest
          const { specification } = configuration
          const deploymentIncarnation = specification.deploymentIncarnation + Number(Queue)
          guest.host.want({
            configuration: {
              ...configuration,
              specification: { ...specification, deploymentIncarnation, settings: { Queue } },
            },
          })
        }
        const lines = () => untimed(guest.log('WaWorkerHost'))
        await guest.host.health(isReady, 'Ready')
        want('1')
        await until(() => lines().includes('changed 1'), 'the change is taken', lines)
        assert.match(lines(), /changing Queue orders\nchanged 1/)
        want('2')
        await until(() => lines().includes('with 2'), 'the role is started with the change', lines)
        assert.match(lines(), /changing Queue 1\nStopping\.\nOnStop ended\./)
      },
    ))

  it('is Busy for as long as a StatusCheck says so (H-32), and recycled when it asks (H-33)', () =>
    inDotnetGuest(
      house,
      `public override bool OnStart()
      {
        RoleEnvironment.StatusCheck += (sender, args) => { if (File.Exists("busy")) args.SetBusy(); };
        return true;
      }
      public override void Run()
      {
        while (!File.Exists("go")) Thread.Sleep(20);
        File.WriteAllText("busy", "");
        while (File.Exists("busy")) Thread.Sleep(20);
        File.Delete("go");
        RoleEnvironment.RequestRecycle();
        Thread.Sleep(-1);
      }`,
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        writeFileSync(`${guest.root}/e/approot/go`, '')
        await guest.host.health(({ state }) => state === 'NotReady', 'Busy')
        rmSync(`${guest.root}/e/approot/busy`)
        await until(() => guest.log('WaHostBootstrapper').includes('The role asked to be recycled'), 'recycled')
        await until(() => guest.log('WaWorkerHost').split('OnStart begins').length === 3, 'started again')
      },
    ))

  it('sees itself, its peers, endpoints and local storage', () =>
    inDotnetGuest(
      house,
      `public override bool OnStart()
      {
        var me = RoleEnvironment.CurrentRoleInstance;
        var storage = RoleEnvironment.GetLocalResource("Scratch");
        File.WriteAllText(Path.Combine(storage.RootPath, "x"), "");
        var endpoint = me.InstanceEndpoints["HttpIn"];
        Console.WriteLine(string.Join(" ", RoleEnvironment.IsAvailable, RoleEnvironment.IsEmulated, RoleEnvironment.DeploymentId.Length, me.Id, me.Role.Name,
          me.UpdateDomain, endpoint.IPEndpoint.Port, endpoint.PublicIPEndpoint.Port, endpoint.Protocol, storage.MaximumSizeInMegabytes,
          RoleEnvironment.Roles["Worker"].Instances.Single() == me, me.InstanceEndpoints.ContainsKey("None")));
        foreach (var ask in new Action[] { () => RoleEnvironment.GetConfigurationSettingValue("None"), () => RoleEnvironment.GetLocalResource("None") })
          try { ask(); } catch (RoleEnvironmentException error) { Console.WriteLine(error.Message); }
        return true;
      }`,
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const lines = untimed(guest.log('WaWorkerHost'))
        assert.match(lines, /^True False 32 Worker_IN_0 Worker 0 8080 80 http 1 True False$/m)
        assert.match(lines, /^No setting is called "None" in this role\. There are: Queue\.$/m)
        assert.match(lines, /^No local storage is called "None" in this role\. There are: .*Scratch/m)
      },
    ))
})
