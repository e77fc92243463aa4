// SiteDomain: one ASP.NET application, whose requests w3wp passes on over a Unix socket (I-16, I-20). It ends with code 0 once told to by
// SIGTERM, after Application_End.
using System;
using System.Threading;
using System.Web.Hosting;
using Mono.Unix;
using Mono.Unix.Native;

namespace Reddog.SiteHost
{
    static class Program
    {
        static void Main(string[] args)
        {
            var settings = Settings.Read(args);
            var host = (SiteDomain)ApplicationHost.CreateApplicationHost(typeof(SiteDomain), settings.VirtualPath, settings.PhysicalPath);
            using (var told = new UnixSignal(Signum.SIGTERM))
            {
                host.Listen(settings);
                told.WaitOne(Timeout.Infinite);
            }
            host.End();
            // A thread of the application may have no end.
            Environment.Exit(0);
        }
    }
}
