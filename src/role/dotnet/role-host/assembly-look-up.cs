using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.WindowsAzure.ServiceRuntime;

namespace Reddog.RoleHost
{
    /// <summary>Whose libraries are taken where a package brings them too.</summary>
    internal static class AssemblyLookUp
    {
        /// <summary>Ours take the place of those that a package brings, which call programs of Windows.</summary>
        private static readonly string[] OwnNames = { "Microsoft.WindowsAzure.ServiceRuntime", "Microsoft.WindowsAzure.Diagnostics" };

        private static readonly string OwnDirectory = Path.GetDirectoryName(typeof(AssemblyLookUp).Assembly.Location);

        internal static void Install()
        {
            foreach (var name in OwnNames) Assembly.LoadFrom(Path.Combine(OwnDirectory, name + ".dll"));
            FindLibraries();
        }

        /// <summary>Apart, so that nothing of the SDK is asked for before ours has been loaded.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void FindLibraries() => LibraryLookUp.Install();

        internal static bool IsOwn(string file) =>
            OwnNames.Contains(Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);
    }
}
