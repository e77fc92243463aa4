using System;
using System.Runtime.CompilerServices;

namespace Reddog.RoleHost
{
    /// <summary>The application domain of the role, made ready in the order that loading asks for.</summary>
    internal static class HostDomain
    {
        internal static int Run(string library)
        {
            RoleOutput.Open();
            AssemblyLookUp.Install();
            return Host(library);
        }

        /// <summary>Apart, so that nothing of the SDK is asked for before ours has been loaded.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static int Host(string library) => new EntryPointHost(library).Run();
    }
}
