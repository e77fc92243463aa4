/** The SDK's surface, as code that was published compiles against it and looks for it by reflection. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { isReady } from '../../guest/guest.ts'
import { compileLibrary, type DotnetHouse, dotnetHouse, inDotnetGuest } from './dotnet-role.ts'
import { withoutMono } from './mono.ts'

let house: DotnetHouse
const directory = mkdtempSync(join(tmpdir(), 'reddog-sdk-'))
before(async () => {
  if (!withoutMono) house = await dotnetHouse()
})
after(() => {
  house?.dispose()
  rmSync(directory, { recursive: true })
})

const everyMember = `
public class Everything : RoleEntryPoint
{
  public override bool OnStart()
  {
    RoleEnvironment.Changing += (object sender, RoleEnvironmentChangingEventArgs e) =>
      e.Cancel = e.Changes.OfType<RoleEnvironmentConfigurationSettingChange>().Any(change => change.ConfigurationSettingName == "x");
    RoleEnvironment.Changed += (object sender, RoleEnvironmentChangedEventArgs e) =>
      e.Changes.OfType<RoleEnvironmentTopologyChange>().Select(change => change.RoleName).ToList();
    RoleEnvironment.SimultaneousChanging += (object sender, SimultaneousChangingEventArgs e) => { foreach (RoleEnvironmentChange c in e.Changes) { } };
    RoleEnvironment.SimultaneousChanged += (object sender, SimultaneousChangedEventArgs e) => { foreach (RoleEnvironmentChange c in e.Changes) { } };
    RoleEnvironment.Stopping += (object sender, RoleEnvironmentStoppingEventArgs e) => { };
    EventHandler<RoleInstanceStatusCheckEventArgs> check = (sender, e) => { if (e.Status == RoleInstanceStatus.Ready) e.SetBusy(); };
    RoleEnvironment.StatusCheck += check;
    RoleEnvironment.StatusCheck -= check;
    RoleEnvironment.TraceSource.TraceInformation("x");
    LocalResource storage = RoleEnvironment.GetLocalResource("x");
    int size = storage.MaximumSizeInMegabytes; string path = storage.RootPath + storage.Name;
    foreach (KeyValuePair<string, Role> role in RoleEnvironment.Roles)
      foreach (RoleInstance instance in role.Value.Instances)
      {
        RoleInstanceEndpoint endpoint = instance.InstanceEndpoints["x"];
        IPEndPoint inner = endpoint.IPEndpoint, outer = endpoint.PublicIPEndpoint;
        string text = endpoint.Protocol + endpoint.RoleInstance.Role.Name + instance.FaultDomain + instance.UpdateDomain;
      }
    DiagnosticMonitorConfiguration wad = DiagnosticMonitor.GetDefaultInitialConfiguration();
    wad.Logs.ScheduledTransferPeriod = TimeSpan.FromMinutes(1);
    wad.Logs.ScheduledTransferLogLevelFilter = LogLevel.Verbose;
    wad.PerformanceCounters.DataSources.Add(new PerformanceCounterConfiguration { CounterSpecifier = "x", SampleRate = TimeSpan.FromSeconds(5) });
    wad.WindowsEventLog.DataSources.Add("Application!*");
    wad.Directories.DataSources.Add(new DirectoryConfiguration { Container = "c", DirectoryQuotaInMB = 1, Path = "p" });
    wad.DiagnosticInfrastructureLogs.BufferQuotaInMB = wad.OverallQuotaInMB;
    CrashDumps.EnableCollection(true);
    DiagnosticMonitor.Start("Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString", wad);
    Trace.Listeners.Add(new DiagnosticMonitorTraceListener());
    RoleEnvironment.RequestRecycle();
    throw new RoleEnvironmentException(RoleEnvironment.DeploymentId + RoleEnvironment.IsEmulated);
  }
}`

describe('the SDK', { skip: withoutMono }, () => {
  it('has what published roles call', () => {
    compileLibrary(house, join(directory, 'Everything.dll'), everyMember)
  })

  it('is not available outside of a role instance, and says so to who asks for more', () => {
    cpSync(house.compiled, directory, { recursive: true })
    const source = `using System; using Microsoft.WindowsAzure.ServiceRuntime;
      class P { static void Main() { Console.WriteLine(RoleEnvironment.IsAvailable);
        RoleEnvironment.Changed += (sender, args) => { };
        try { Console.WriteLine(RoleEnvironment.DeploymentId); } catch (RoleEnvironmentException error) { Console.WriteLine(error.Message); } } }`
    writeFileSync(join(directory, 'p.cs'), source)
    const reference = join(directory, 'Microsoft.WindowsAzure.ServiceRuntime.dll')
    execFileSync('mcs', ['-nologo', `-r:${reference}`, `-out:${join(directory, 'p.exe')}`, join(directory, 'p.cs')])
    const printed = execFileSync('mono', [join(directory, 'p.exe')], { encoding: 'utf8' })
    assert.match(printed, /^False\n.*no part of a role instance\. Ask RoleEnvironment\.IsAvailable first\.\n$/)
  })

  it('is found by reflection, by its full name of any version, as configuration managers and telemetry look for it', () =>
    inDotnetGuest(
      house,
      `static object Get(object of, string name) => of.GetType().GetProperty(name).GetValue(of, null);
      public override bool OnStart()
      {
        foreach (var version in new[] { "1.0.0.0", "1.8.0.0", "2.7.0.0", "2.9.0.0" })
        {
          var assembly = System.Reflection.Assembly.Load("Microsoft.WindowsAzure.ServiceRuntime, Version=" + version + ", Culture=neutral, PublicKeyToken=31bf3856ad364e35");
          var type = assembly.GetType("Microsoft.WindowsAzure.ServiceRuntime.RoleEnvironment", false);
          var setting = type.GetMethod("GetConfigurationSettingValue", System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static).Invoke(null, new object[] { "Queue" });
          var instance = type.GetProperty("CurrentRoleInstance").GetValue(null, null);
          Console.WriteLine(string.Join(" ", type.GetProperty("IsAvailable").GetValue(null, null), setting, Get(instance, "Id"), Get(Get(instance, "Role"), "Name")));
        }
        try { typeof(RoleEnvironment).GetMethod("GetConfigurationSettingValue").Invoke(null, new object[] { "None" }); }
        catch (System.Reflection.TargetInvocationException error) { Console.WriteLine(error.InnerException.GetType().FullName); }
        return true;
      }`,
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        assert.equal(guest.log('WaWorkerHost').split('True orders Worker_IN_0 Worker\n').length, 5)
        assert.match(guest.log('WaWorkerHost'), /^Microsoft\.WindowsAzure\.ServiceRuntime\.RoleEnvironmentException$/m)
      },
    ))

  it('translates paths of the role root in settings and variables, and nothing else (9)', () =>
    inDotnetGuest(
      house,
      `public override bool OnStart()
      {
        foreach (var name in new[] { "Inside", "ByName", "Other", "Text" }) Console.WriteLine("<" + Environment.GetEnvironmentVariable(name) + ">");
        return true;
      }`,
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const root = `${guest.root}/e`
        const lines = guest.log('WaWorkerHost').match(/(?<=^<).*(?=>$)/gm)
        assert.deepEqual(lines, [
          `${root}/approot/bin/x`,
          `${root}/approot\\y`.replace('\\', '/'),
          'E:\\data\\x',
          'see E:\\approot\\x',
        ])
      },
      {
        'RoleModel.xml': `<?xml version="1.0" encoding="utf-8"?><RoleModel name="Worker" version="1" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition"><Runtime><Environment>
<Variable name="Inside" value="E:\\approot\\bin\\x" /><Variable name="ByName" value="%RoleRoot%\\approot\\y" /><Variable name="Other" value="E:\\data\\x" /><Variable name="Text" value="see E:\\approot\\x" /></Environment>
<EntryPoint><NetFxEntryPoint assemblyName="Worker.dll" targetFrameworkVersion="v4.0" /></EntryPoint></Runtime></RoleModel>`,
      },
    ))
})
