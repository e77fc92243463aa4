using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>Finds libraries of the package that Mono does not: in `bin`, in another case, and translations in directories of another case.</summary>
    internal static class LibraryLookUp
    {
        internal static void Install()
        {
            AppDomain.CurrentDomain.AssemblyResolve += (_, asked) => Resolve(new AssemblyName(asked.Name));
        }

        private static Assembly Resolve(AssemblyName asked)
        {
            var culture = asked.CultureName ?? "";
            var loaded = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => IsOf(assembly.GetName(), asked.Name, culture));
            if (loaded != null) return loaded;
            var directory = AppDomain.CurrentDomain.BaseDirectory;
            var file = new[] { directory }.Concat(Named(directory, "bin"))
                .SelectMany(place => culture == "" ? new[] { place } : Named(place, culture))
                .SelectMany(Directory.GetFiles)
                .FirstOrDefault(path => IsLibrary(path, asked.Name));
            return file == null ? null : Assembly.LoadFrom(file);
        }

        private static bool IsOf(AssemblyName loaded, string name, string culture)
        {
            return loaded.Name == name && (loaded.CultureName ?? "") == culture;
        }

        private static IEnumerable<string> Named(string directory, string name)
        {
            return Directory.GetDirectories(directory).Where(path => IsSame(Path.GetFileName(path), name));
        }

        private static bool IsLibrary(string path, string name)
        {
            var file = Path.GetFileName(path);
            return IsSame(file, name + ".dll") || IsSame(file, name + ".exe");
        }

        private static bool IsSame(string one, string other)
        {
            return string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
        }
    }
}
