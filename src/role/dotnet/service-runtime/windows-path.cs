using System;
using System.Collections;
using System.Linq;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>Paths of the role root as packages made for Windows write them: `E:\approot\bin`, `%RoleRoot%\approot`.</summary>
    internal static class WindowsPath
    {
        private static readonly string[] Roots = { "E:", "F:", "%RoleRoot%", "%RdRoleRoot%" };
        private static readonly string[] Directories = { "approot", "sitesroot", "plugins" };
        private static readonly char[] Separators = { '\\', '/' };

        /// <summary>The path on this machine, when the whole text is a path in the role root; any other text as it is.</summary>
        internal static string Translate(string text)
        {
            var here = Environment.GetEnvironmentVariable("RoleRoot");
            var root = Roots.FirstOrDefault(form => text.StartsWith(form, StringComparison.OrdinalIgnoreCase));
            if (string.IsNullOrEmpty(here) || root == null || text.IndexOf('\n') >= 0) return text;
            var below = text.Substring(root.Length).TrimStart(Separators);
            var isBelow = below.Length < text.Length - root.Length
                && Directories.Contains(below.Split(Separators)[0], StringComparer.OrdinalIgnoreCase);
            return isBelow ? here + "/" + below.Replace('\\', '/') : text;
        }

        /// <summary>The same for every variable of this process.</summary>
        internal static void TranslateVariables()
        {
            foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            {
                var value = (string)variable.Value;
                var translated = Translate(value);
                if (translated != value) Environment.SetEnvironmentVariable((string)variable.Key, translated);
            }
        }
    }
}
