using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;

namespace Reddog.SiteHost
{
    /// <summary>The application's paths: names below its directories are looked up ignoring case, as Windows does (I-44).</summary>
    public sealed class SitePaths
    {
        readonly Settings settings;
        /// <summary>Real paths of what was found under another case; what is not there is looked for again.</summary>
        readonly ConcurrentDictionary<string, string> known = new ConcurrentDictionary<string, string>();
        /// <summary>Origin: choice; a site has some hundred files, and a stranger's URLs are not to fill the memory.</summary>
        const int MostKnown = 10000;

        public SitePaths(Settings settings)
        {
            this.settings = settings;
        }

        public string VirtualPath
        {
            get {
                return settings.VirtualPath;
            }
        }
        public string PhysicalPath
        {
            get {
                return settings.PhysicalPath;
            }
        }
        public string Name
        {
            get {
                return settings.SiteName;
            }
        }

        /// <summary>The file or directory that a virtual path from the site's root stands for, spelled as on the disk where it is there.</summary>
        public string MapPath(string path)
        {
            foreach (var directory in settings.Directories)
                if (IsBelow(path, directory.Key)) return Below(directory.Value, path.Substring(directory.Key.Length));
            return IsBelow(path, VirtualPath) ? Below(PhysicalPath, path.Substring(VirtualPath.Length)) : Below(PhysicalPath, path);
        }

        /// <summary>A virtual path as its file is spelled on the disk: ASP.NET compiles a page by that name.</summary>
        public string Spelled(string path)
        {
            var real = MapPath(path);
            var below = Math.Min(path.Length, real.Length);
            var tail = path.Substring(path.Length - below);
            while (tail != "" && !real.EndsWith(tail, StringComparison.OrdinalIgnoreCase))
                tail = tail.IndexOf('/', 1) < 0 ? "" : tail.Substring(tail.IndexOf('/', 1));
            return tail == "" ? path : path.Substring(0, path.Length - tail.Length) + real.Substring(real.Length - tail.Length);
        }

        static bool IsBelow(string path, string root)
        {
            return path.StartsWith(root, StringComparison.OrdinalIgnoreCase) &&
                   (root.EndsWith("/") || path.Length == root.Length || path[root.Length] == '/');
        }

        string Below(string root, string path)
        {
            var parts = path.Split(new[] { '/', '\\' }, StringSplitOptions.RemoveEmptyEntries);
            var slash = path.EndsWith("/") ? "/" : "";
            if (parts.Length == 0) return root.TrimEnd('/') + slash;
            return Below(root, parts) + slash;
        }

        string Below(string root, string[] parts)
        {
            var exact = Path.Combine(root, string.Join("/", parts));
            if (File.Exists(exact) || Directory.Exists(exact)) return exact;
            string found;
            if (known.TryGetValue(exact, out found) && (File.Exists(found) || Directory.Exists(found))) return found;
            found = IgnoringCase(root, parts);
            if (found == null) return exact;
            if (known.Count >= MostKnown) known.Clear();
            return known[exact] = found;
        }

        static string IgnoringCase(string root, string[] parts)
        {
            var at = root;
            foreach (var part in parts)
            {
                if (!Directory.Exists(at)) return null;
                var names = Directory.GetFileSystemEntries(at).Select(Path.GetFileName).ToArray();
                var name = names.FirstOrDefault(one => one == part) ??
                           names.FirstOrDefault(one => string.Equals(one, part, StringComparison.OrdinalIgnoreCase));
                if (name == null) return null;
                at = Path.Combine(at, name);
            }
            return at;
        }
    }
}
