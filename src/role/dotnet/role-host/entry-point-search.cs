using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.WindowsAzure.ServiceRuntime;

namespace Reddog.RoleHost
{
    /// <summary>Which class is the role's (I-15, I-18).</summary>
    internal static class EntryPointSearch
    {
        /// <summary>The first library of a directory, in the order of names, that has a RoleEntryPoint; '' when none has.</summary>
        internal static string FindIn(string directory)
        {
            AssemblyLookUp.Install();
            return FirstIn(directory);
        }

        /// <summary>The class of a library that is to be made. Throws what kept it from being loaded, or a TypeLoadException when it has none.</summary>
        internal static Type TypeIn(string library)
        {
            var (types, error) = TypesOf(Assembly.LoadFrom(library));
            var found = EntryPointOf(types);
            if (found != null) return found;
            throw error ?? new TypeLoadException($"{library} has no entry point: no class in it derives from RoleEntryPoint.");
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static string FirstIn(string directory) => Directory.GetFiles(directory)
            .Where(file => file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && !AssemblyLookUp.IsOwn(file))
            .OrderBy(file => file, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(HasEntryPoint) ?? "";

        private static bool HasEntryPoint(string file)
        {
            try
            {
                return EntryPointOf(TypesOf(Assembly.LoadFrom(file)).Item1) != null;
            }
            catch (Exception error) when (error is BadImageFormatException || error is IOException)
            {
                // A library of Windows itself, or one that misses another: not the role's.
                return false;
            }
        }

        private static Type EntryPointOf(Type[] types) =>
            types.FirstOrDefault(type => type != null && !type.IsAbstract && type.IsSubclassOf(typeof(RoleEntryPoint)));

        /// <summary>Those that could be loaded, and what kept the others from it.</summary>
        private static (Type[], Exception) TypesOf(Assembly assembly)
        {
            try
            {
                return (assembly.GetTypes(), null);
            }
            catch (ReflectionTypeLoadException error)
            {
                return (error.Types, error.LoaderExceptions.FirstOrDefault(cause => cause != null) ?? error);
            }
        }
    }
}
