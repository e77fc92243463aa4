using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

namespace Reddog.RoleHost
{
    /// <summary>How this process ends, and what it is to the system until then.</summary>
    internal static class ProcessEnd
    {
        /// <summary>Exit code of a host process whose entry point failed; the bootstrapper tells the reason.</summary>
        internal const int Failed = 1;

        /// <summary>Roles run below the agents (H-6); as roleNice of role/contract.</summary>
        private const int RoleNice = 5;

        /// <summary>How long handlers of ProcessExit and finalizers may take after OnStop. Origin: .NET gives finalizers two seconds.</summary>
        private const int ExitLimitMs = 2_000;

        /// <summary>Ends whatever other threads do, and without a word to them.</summary>
        internal static void Now(int code) => ExitNow(code);

        /// <summary>Ends as a program does, with handlers of ProcessExit.</summary>
        internal static void InOrder(int code)
        {
            new Thread(() => Environment.Exit(code)) { IsBackground = true }.Start();
            Thread.Sleep(ExitLimitMs);
            ExitNow(code);
        }

        internal static void BeRole()
        {
            foreach (var thread in Directory.GetDirectories("/proc/self/task"))
                SetPriority(0, int.Parse(Path.GetFileName(thread)), RoleNice);
        }

        [DllImport("libc", EntryPoint = "_exit")]
        private static extern void ExitNow(int code);

        [DllImport("libc", EntryPoint = "setpriority")]
        private static extern int SetPriority(int which, int who, int priority);
    }
}
