using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Text;
using Microsoft.WindowsAzure.ServiceRuntime;

/// <summary>A worker role that answers HTTP, counts its visits in local storage, and takes a new greeting while it runs.</summary>
public class Greeter : RoleEntryPoint
{
    private readonly HttpListener listener = new HttpListener();
    private string greeting;
    private string visits;

    public override bool OnStart()
    {
        greeting = RoleEnvironment.GetConfigurationSettingValue("Greeting");
        visits = Path.Combine(RoleEnvironment.GetLocalResource("Visits").RootPath, "visits.txt");
        RoleEnvironment.Changed += (sender, args) => greeting = RoleEnvironment.GetConfigurationSettingValue("Greeting");
        var endpoint = RoleEnvironment.CurrentRoleInstance.InstanceEndpoints["Http"].IPEndpoint;
        listener.Prefixes.Add($"http://{endpoint}/");
        listener.Start();
        Trace.TraceInformation("Listening on {0}.", endpoint);
        return base.OnStart();
    }

    public override void Run()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = listener.GetContext();
            }
            catch (HttpListenerException)
            {
                // The listener was closed: OnStop ends the process.
                break;
            }
            Answer(context.Response);
        }
        base.Run();
    }

    public override void OnStop()
    {
        listener.Close();
        base.OnStop();
    }

    private void Answer(HttpListenerResponse response)
    {
        File.AppendAllText(visits, ".");
        var text = $"{greeting}, instance {RoleEnvironment.CurrentRoleInstance.Id}, visit {new FileInfo(visits).Length}\n";
        var bytes = Encoding.UTF8.GetBytes(text);
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength64 = bytes.Length;
        try
        {
            response.Close(bytes, false);
        }
        catch (HttpListenerException)
        {
            // Who asked has gone.
        }
    }
}
