using System;
using System.IO;

namespace Reddog.RoleHost
{
    /// <summary>
    /// WaWorkerHost, WaIISHost or WaWebHost, by its first word, of a role whose entry point is a .NET library: that has an application domain of its own, whose
    /// configuration file is the library's (I-17). The second word is the library, or the directory in which one is looked for (I-18).
    /// </summary>
    internal static class Program
    {
        private static int Main(string[] words)
        {
            if (!AppDomain.CurrentDomain.IsDefaultAppDomain()) return HostDomain.Run(words[1]);
            // The system keeps 15 characters of it.
            File.WriteAllText("/proc/self/comm", words[0]);
            var library = Directory.Exists(words[1]) ? EntryPointSearch.FindIn(words[1]) : words[1];
            var directory = library == "" ? words[1] : Path.GetDirectoryName(library);
            var setup = new AppDomainSetup
            {
                ApplicationBase = directory + "/",
                ApplicationName = words[0],
                ConfigurationFile = library + ".config",
            };
            var domain = AppDomain.CreateDomain(words[0], null, setup);
            return domain.ExecuteAssembly(typeof(Program).Assembly.Location, new[] { words[0], library });
        }
    }
}
