using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Reddog.RoleHost
{
    /// <summary>How libraries are found that the package does not bring where Mono looks, or brings in another case.</summary>
    internal static class AssemblyLookUp
    {
        /// <summary>Ours take the place of those that a package brings, which call programs of Windows.</summary>
        private static readonly string[] OwnNames = { "Microsoft.WindowsAzure.ServiceRuntime", "Microsoft.WindowsAzure.Diagnostics" };

        private static readonly string OwnDirectory = Path.GetDirectoryName(typeof(AssemblyLookUp).Assembly.Location);

        internal static void Install()
        {
            AppDomain.CurrentDomain.AssemblyResolve += (_, asked) => Resolve(new AssemblyName(asked.Name).Name);
            foreach (var name in OwnNames) Assembly.LoadFrom(Path.Combine(OwnDirectory, name + ".dll"));
        }

        internal static bool IsOwn(string file) =>
            OwnNames.Contains(Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);

        private static Assembly Resolve(string name)
        {
            var loaded = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == name);
            if (loaded != null) return loaded;
            var directory = AppDomain.CurrentDomain.BaseDirectory;
            var file = new[] { directory, Path.Combine(directory, "bin") }
                .Where(Directory.Exists)
                .SelectMany(Directory.GetFiles)
                .FirstOrDefault(path => IsLibrary(path, name));
            return file == null ? null : Assembly.LoadFrom(file);
        }

        private static bool IsLibrary(string path, string name)
        {
            var file = Path.GetFileName(path);
            return string.Equals(file, name + ".dll", StringComparison.OrdinalIgnoreCase)
                || string.Equals(file, name + ".exe", StringComparison.OrdinalIgnoreCase);
        }
    }
}
