using System;
using System.Collections.Generic;

namespace Reddog.SiteHost
{
    /// <summary>What w3wp tells of the application: SOCKET PATH DIRECTORY SITE-NAME, then a PATH DIRECTORY for each virtual directory below
    /// it.</summary>
    [Serializable]
    public sealed class Settings
    {
        public string Socket, VirtualPath, PhysicalPath, SiteName;
        /// <summary>Virtual directories of the application, the innermost first.</summary>
        public List<KeyValuePair<string, string>> Directories = new List<KeyValuePair<string, string>>();

        public static Settings Read(string[] args)
        {
            var settings = new Settings { Socket = args[0], VirtualPath = args[1], PhysicalPath = args[2], SiteName = args[3] };
            for (var at = 4; at + 1 < args.Length; at += 2) settings.Directories.Add(new KeyValuePair<string, string>(args[at], args[at + 1]));
            settings.Directories.Sort((one, other) => other.Key.Length - one.Key.Length);
            return settings;
        }
    }
}
