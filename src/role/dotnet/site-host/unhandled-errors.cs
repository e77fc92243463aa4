using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Reflection;
using System.Web;

namespace Reddog.SiteHost
{
    /// <summary>What the application has not handled is said in the role's log: its answer tells strangers nothing, and here everybody is one. On
    /// Windows the event log has it (healthMonitoring, event 1309).</summary>
    static class UnhandledErrors
    {
        /// <summary>An error of one kind, from one place, is said once in this time, in ms. Origin: minInterval of ASP.NET's healthMonitoring.</summary>
        const int AgainMs = 60000;
        /// <summary>Kinds that are told apart at once; of more, one that is new waits until the oldest may be said again. Origin: choice.</summary>
        const int MostKinds = 100;
        /// <summary>Of a path, in characters. Origin: choice.</summary>
        const int MostOfPath = 200;

        sealed class Kind
        {
            public long SaidAtMs;
            public int Since;
        }

        static readonly Dictionary<string, Kind> kinds = new Dictionary<string, Kind>();
        static readonly Stopwatch clock = Stopwatch.StartNew();

        /// <summary>Says an error in that request, unless it is the client's (below 500).</summary>
        public static void Say(HttpRequest request, Exception error)
        {
            while ((error is HttpUnhandledException || error is TargetInvocationException) && error.InnerException != null) error = error.InnerException;
            var refused = error as HttpException;
            if (refused != null && refused.GetHttpCode() < 500) return;
            var before = Take(error.GetType().FullName + PlaceOf(error));
            if (before == null) return;
            var path = request.Path;
            if (path.Length > MostOfPath) path = path.Substring(0, MostOfPath) + "...";
            var times = before == 0 ? "" : " (" + before + " more of it before)";
            var words = "not handled by the application in " + request.HttpMethod + " " + path + times + ": " + error;
            // A message that has lines of its own looks like no other line of the log.
            Console.Error.WriteLine("SiteHost: " + words.Replace("\r", "").Replace("\n", "\n  "));
        }

        /// <summary>How often errors of that kind were passed over since the last one; null: so is this one.</summary>
        static int? Take(string name)
        {
            lock (kinds)
            {
                var now = clock.ElapsedMilliseconds;
                Kind kind;
                if (!kinds.TryGetValue(name, out kind))
                {
                    if (kinds.Count >= MostKinds) ForgetOld(now);
                    if (kinds.Count >= MostKinds) return null;
                    kinds[name] = new Kind { SaidAtMs = now };
                    return 0;
                }
                if (now - kind.SaidAtMs < AgainMs)
                {
                    kind.Since++;
                    return null;
                }
                var since = kind.Since;
                kind.SaidAtMs = now;
                kind.Since = 0;
                return since;
            }
        }

        static void ForgetOld(long now)
        {
            foreach (var name in new List<string>(kinds.Keys))
                if (now - kinds[name].SaidAtMs >= AgainMs) kinds.Remove(name);
        }

        static string PlaceOf(Exception error)
        {
            var trace = error.StackTrace ?? "";
            var end = trace.IndexOf('\n');
            return end < 0 ? trace : trace.Substring(0, end);
        }
    }
}
