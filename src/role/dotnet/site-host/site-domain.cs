using System;
using System.IO;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Web;
using Microsoft.WindowsAzure.ServiceRuntime;
using Mono.Unix.Native;

namespace Reddog.SiteHost
{
    /// <summary>Lives in the application's own domain, so that no request crosses from one domain to another.</summary>
    public sealed class SiteDomain : MarshalByRefObject
    {
        /// <summary>As many as w3wp has requests in flight at once.</summary>
        const int MostWaiting = 1024;

        /// <summary>Each request has a timer for its executionTimeout, and Mono keeps one that is over, with all of the request, until any timer is
        /// due.</summary>
        const int ForgetEveryMs = 500;

        /// <summary>Where there are no descriptors or threads for another connection. Origin: choice.</summary>
        const int AcceptAgainMs = 100;

        static Timer forgetting;

        static volatile bool isStopping;

        static int isLeft;

        public override object InitializeLifetimeService()
        {
            return null;
        }

        public void Listen(Settings settings)
        {
            Prepare();
            Join();
            ShowPages();
            Ending.Leave();
            var site = new SitePaths(settings);
            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.IP);
            File.Delete(settings.Socket);
            listener.Bind(new Mono.Unix.UnixEndPoint(settings.Socket));
            listener.Listen(MostWaiting);
            forgetting = new Timer(
                _ =>
                {},
                null, ForgetEveryMs, ForgetEveryMs);
            Start(() => Accept(listener, site));
        }

        /// <summary>Ours take the place of those that a package brings, which call programs of Windows: whoever asks for that name is given what was
        /// loaded first.</summary>
        static void Prepare()
        {
            var own = Path.GetDirectoryName(typeof(SiteDomain).Assembly.Location);
            foreach (var name in new[] { "Microsoft.WindowsAzure.ServiceRuntime", "Microsoft.WindowsAzure.Diagnostics" })
            {
                var file = Path.Combine(own, name + ".dll");
                if (File.Exists(file)) Assembly.LoadFrom(file);
            }
        }

        /// <summary>Apart, so that nothing of the SDK is asked for before ours has been loaded.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Join()
        {
            LibraryLookUp.Install();
            RuntimeClient.Shared.BeforeStopping = () =>
            {
                isStopping = true;
                // The end of the application is w3wp's to tell, when nothing is in flight, and this process ends behind it (H-27).
                Thread.Sleep(Timeout.Infinite);
            };
        }

        /// <summary>Says where the pages are that Mono compiles, for whoever clears up behind this process: it may not come to that itself.</summary>
        static void ShowPages()
        {
            var link = Path.Combine(Environment.GetEnvironmentVariable("MONO_CFG_DIR"), "pages");
            Syscall.symlink(AppDomain.CurrentDomain.SetupInformation.DynamicBase, link);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void RaiseStopping()
        {
            RoleEnvironment.RaiseStopping();
        }

        /// <summary>Runs Application_End, and tells who has asked for it that the role stops. No request is in flight: w3wp has seen to
        /// that.</summary>
        public void End()
        {
            Ending.IsOver = true;
            try
            {
                // HttpRuntime.UnloadAppDomain() does it on another thread, which this process would not wait for. It was run when the application went
                // offline (app_offline.htm).
                if (!(bool)OfFactory("get_ApplicationDisabled")) OfFactory("Dispose");
            }
            catch (TargetInvocationException fault)
            {
                Console.Error.WriteLine("SiteHost: Application_End has failed: " + fault.GetBaseException());
            }
            if (isStopping) RaiseStopping();
        }

        /// <summary>Mono would end the application at once when a file of it changes; w3wp begins another first, and loses no request (I-26). Its
        /// watchers are there from the first request on.</summary>
        internal static void LeaveChangesToTheServer()
        {
            if (Interlocked.Exchange(ref isLeft, 1) == 1) return;
            OfFactory("DisableWatchers");
        }

        /// <summary>Calls what Mono keeps to itself. Throws what that throws as a TargetInvocationException.</summary>
        static object OfFactory(string method)
        {
            var factory = typeof(HttpRuntime).Assembly.GetType("System.Web.HttpApplicationFactory");
            return factory.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Invoke(null, null);
        }

        static void Accept(Socket listener, SitePaths site)
        {
            while (true)
            {
                Socket socket = null;
                try
                {
                    socket = listener.Accept();
                    var taken = socket;
                    Start(() => new Connection(taken, site).Serve());
                }
                // Mono has ExecutionEngineException for a thread that there is not.
                catch (Exception fault) when (!(fault is ObjectDisposedException))
                {
                    if (socket != null) socket.Dispose();
                    Console.Error.WriteLine("SiteHost: no connection can be taken: " + fault.Message);
                    Thread.Sleep(AcceptAgainMs);
                }
            }
        }

        static void Start(ThreadStart work)
        {
            new Thread(work) { IsBackground = true }.Start();
        }
    }
}
