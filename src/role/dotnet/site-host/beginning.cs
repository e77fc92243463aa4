using System;
using System.IO;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Web;
using static Reddog.SiteHost.MonosOwn;

namespace Reddog.SiteHost
{
    /// <summary>The application begins with its first request: Application_Start, then its modules. Mono would tell nobody what failed in the one, and
    /// a stranger all of what failed in the others: so it begins here, and Mono finds it begun.</summary>
    static class Beginning
    {
        /// <summary>While it is there the application does not run; Mono answers with it.</summary>
        const string OfflineFile = "app_offline.htm";

        static readonly Type factory = typeof(HttpRuntime).Assembly.GetType("System.Web.HttpApplicationFactory", true);
        static readonly object beginning = new object();
        static volatile bool hasBegun;

        /// <summary>False: it cannot begin, and the request has been answered with that. The next one tries again, as with Mono.</summary>
        public static bool Ensure(WorkerRequest request)
        {
            if (hasBegun) return true;
            lock (beginning)
            {
                if (hasBegun || IsOffline()) return true;
                var context = new HttpContext(request);
                HttpContext.Current = context;
                try
                {
                    Begin(context);
                    hasBegun = true;
                }
                catch (Exception fault)
                {
                    // Modules that fail leave one behind for which everybody is the machine itself.
                    HttpContext.Current = context;
                    UnhandledErrors.Say(context.Request, fault);
                    Call(typeof(HttpRuntime), "FinishWithException", request, new HttpException("", fault));
                }
                finally
                {
                    HttpContext.Current = null;
                }
                return hasBegun;
            }
        }

        static void Begin(HttpContext context)
        {
            var application = Call(factory, "GetApplication", context);
            Call(application, "SetContext", context);
            Call(application, "InitOnce", true);
            var fault = (Exception)Field(application, "initialization_exception");
            if (fault != null) ExceptionDispatchInfo.Capture(fault).Throw();
            Call(factory, "Recycle", application);
        }

        static bool IsOffline()
        {
            var names = Directory.EnumerateFiles(HttpRuntime.AppDomainAppPath).Select(Path.GetFileName);
            return names.Any(name => name.Equals(OfflineFile, StringComparison.OrdinalIgnoreCase));
        }
    }
}
