using System;
using System.IO;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Web;
using System.Web.Configuration;
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
            var application = (HttpApplication)Call(factory, "GetApplication", context);
            Call(application, "SetContext", context);
            Call(application, "InitOnce", true);
            var fault = (Exception)Field(application, "initialization_exception");
            if (fault != null) ExceptionDispatchInfo.Capture(fault).Throw();
            SayLeftOut(application);
            Call(factory, "Recycle", application);
        }

        /// <summary>IIS would refuse the site; Mono runs it without the modules whose types it cannot load, one that signs users in, say.</summary>
        static void SayLeftOut(HttpApplication application)
        {
            var runs = application.Modules.AllKeys;
            var section = (HttpModulesSection)WebConfigurationManager.GetSection("system.web/httpModules");
            foreach (var module in section.Modules.Cast<HttpModuleAction>().Where(one => !runs.Contains(one.Name)))
                Console.Error.WriteLine("SiteHost: the module \"" + module.Name + "\" does not run: its type " + module.Type + " cannot be loaded.");
        }

        static bool IsOffline()
        {
            var names = Directory.EnumerateFiles(HttpRuntime.AppDomainAppPath).Select(Path.GetFileName);
            return names.Any(name => name.Equals(OfflineFile, StringComparison.OrdinalIgnoreCase));
        }
    }
}
