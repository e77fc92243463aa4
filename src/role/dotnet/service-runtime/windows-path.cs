using System;
using System.Collections;
using System.Text.RegularExpressions;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>Paths of the role root as packages made for Windows write them: `E:\approot\bin`, `%RoleRoot%\approot`.</summary>
    internal static class WindowsPath
    {
        private static readonly Regex RoleRootForm = new Regex(
            @"^(?:[EF]:|%RoleRoot%|%RdRoleRoot%)[\\/]+(?=approot(?:$|[\\/])|sitesroot(?:$|[\\/])|plugins(?:$|[\\/]))",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        /// <summary>The path on this machine, when the whole text is a path in the role root; any other text as it is.</summary>
        internal static string Translate(string text)
        {
            var root = Environment.GetEnvironmentVariable("RoleRoot");
            if (string.IsNullOrEmpty(root) || text.IndexOf('\n') >= 0) return text;
            var form = RoleRootForm.Match(text);
            return form.Success ? root + "/" + text.Substring(form.Length).Replace('\\', '/') : text;
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
