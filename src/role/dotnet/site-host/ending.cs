using System;
using System.Reflection;
using System.Threading;
using System.Web;
using Mono.Unix.Native;
using static Reddog.SiteHost.MonosOwn;

namespace Reddog.SiteHost
{
    /// <summary>When the application is to begin anew (HttpRuntime.UnloadAppDomain, or app_offline.htm has gone), w3wp lets another take its place and loses
    /// no request: Mono would abort them, and nothing would serve the site any more.</summary>
    static class Ending
    {
        /// <summary>What w3wp looks for (w3wp/handlers/asp-net/site-output.ts).</summary>
        const string AsksForAnother = "SiteHost: the application asks for another in its place.";

        /// <summary>Where Mono keeps what HttpRuntime.UnloadAppDomain does on another thread.</summary>
        const string UnloadingField = "<>f__am$cache0";

        /// <summary>The application has ended, and its domain may.</summary>
        public static volatile bool IsOver;

        static readonly FieldInfo unloading = FieldOf(typeof(HttpRuntime), "domainUnloading");

        public static void Leave()
        {
            FieldOf(typeof(HttpRuntime), UnloadingField).SetValue(null, new WaitCallback(_ => AskForAnother()));
            // It is too late for more when the domain ends all the same: another process begins with the next request.
            AppDomain.CurrentDomain.DomainUnload += (sender, args) =>
            {
                if (!IsOver) Syscall.kill(Syscall.getpid(), Signum.SIGKILL);
            };
        }

        /// <summary>Mono would leave a request without an answer from the moment on in which it was told to unload.</summary>
        public static void ServeOn()
        {
            if ((bool)unloading.GetValue(null)) unloading.SetValue(null, false);
        }

        static void AskForAnother()
        {
            ServeOn();
            Console.Error.WriteLine(AsksForAnother);
        }
    }
}
