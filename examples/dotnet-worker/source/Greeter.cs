using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using Microsoft.WindowsAzure.ServiceRuntime;

/// <summary>A worker role that answers HTTP, counts its visits in local storage, and takes a new greeting while it runs.</summary>
public class Greeter : RoleEntryPoint
{
    private const int StopLimitMs = 5_000;

    private readonly ManualResetEventSlim stopped = new ManualResetEventSlim();
    private TcpListener listener;
    private string visits;
    private volatile string greeting;
    private volatile bool stopping;

    public override bool OnStart()
    {
        greeting = RoleEnvironment.GetConfigurationSettingValue("Greeting");
        visits = Path.Combine(RoleEnvironment.GetLocalResource("Visits").RootPath, "visits.txt");
        RoleEnvironment.Changed += (sender, args) => greeting = RoleEnvironment.GetConfigurationSettingValue("Greeting");
        listener = new TcpListener(RoleEnvironment.CurrentRoleInstance.InstanceEndpoints["Http"].IPEndpoint);
        listener.Start();
        Trace.TraceInformation("Listening on {0}.", listener.LocalEndpoint);
        return base.OnStart();
    }

    public override void Run()
    {
        while (!stopping || listener.Pending())
            using (var client = listener.AcceptTcpClient())
                Answer(client.GetStream());
        stopped.Set();
        base.Run();
    }

    /// <summary>The instance is out of rotation by now: what has come until then is answered.</summary>
    public override void OnStop()
    {
        stopping = true;
        // Accept waits for one more.
        using (var last = new TcpClient())
            last.Connect((System.Net.IPEndPoint)listener.LocalEndpoint);
        stopped.Wait(StopLimitMs);
    }

    private void Answer(NetworkStream stream)
    {
        try
        {
            var request = new StreamReader(stream, Encoding.ASCII);
            string line;
            while ((line = request.ReadLine()) != null && line != "")
            {
                // The head alone is read: there is nothing in it that matters here.
            }
            if (line == null) return;
            File.AppendAllText(visits, ".");
            var text = $"{greeting}, instance {RoleEnvironment.CurrentRoleInstance.Id}, visit {new FileInfo(visits).Length}\n";
            var head = $"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\nConnection: close\r\n\r\n";
            var bytes = Encoding.UTF8.GetBytes(head + text);
            stream.Write(bytes, 0, bytes.Length);
        }
        catch (IOException error)
        {
            Trace.TraceWarning("A client has gone: {0}", error.Message);
        }
    }
}
