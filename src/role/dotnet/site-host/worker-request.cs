using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Web;
using Microsoft.Win32.SafeHandles;

namespace Reddog.SiteHost
{
    /// <summary>A request as ASP.NET asks for it, and its answer as w3wp is told it.</summary>
    sealed class WorkerRequest : HttpWorkerRequest
    {
        /// <summary>The field in which w3wp says what it knows of a request, and is told what it alone is to know of an answer.</summary>
        const string OwnField = "X-Reddog-Asp-Net";
        /// <summary>Of an answer that is sent before it is whole.</summary>
        const int MostKeptBytes = 64 * 1024;
        /// <summary>Windows refuses a path with one of them unless a site says otherwise; Mono cannot take one at all.</summary>
        static readonly char[] notInPaths = { ':', '*', '\0' };

        readonly SitePaths site;
        readonly Connection connection;
        readonly Head head;
        readonly Dictionary<string, string> facts;
        readonly string path, filePath, pathInfo, query;
        readonly ManualResetEventSlim ended = new ManualResetEventSlim();
        readonly MemoryStream kept = new MemoryStream();
        readonly StringBuilder answerHead = new StringBuilder();
        string[][] unknownFields;
        int status = 200;
        string reason = "OK", type;
        long length = -1, written;
        bool isHeadSent, isChunked, hasFailed, isGivenBack, isOver;
        EndOfSendNotification endOfSend;
        object endOfSendData;

        public readonly Body Body;

        public WorkerRequest(SitePaths site, Connection connection, Head head, Body body)
        {
            this.site = site;
            this.connection = connection;
            this.head = head;
            Body = body;
            facts = FactsOf(head[OwnField]);
            var mark = head.Url.IndexOf('?');
            path = Uri.UnescapeDataString(mark < 0 ? head.Url : head.Url.Substring(0, mark));
            if (path.IndexOfAny(notInPaths) >= 0) throw new RefusedException(400, "a path is not ASP.NET's: " + Fact("raw"));
            var info = Fact("info");
            pathInfo = path.EndsWith(info, StringComparison.Ordinal) ? info : "";
            filePath = site.Spelled(path.Substring(0, path.Length - pathInfo.Length));
            path = filePath + pathInfo;
            query = mark < 0 ? "" : head.Url.Substring(mark + 1);
        }

        static Dictionary<string, string> FactsOf(string text)
        {
            var facts = new Dictionary<string, string>();
            foreach (var word in (text ?? "").Split('&'))
            {
                var equals = word.IndexOf('=');
                if (equals > 0) facts[word.Substring(0, equals)] = Uri.UnescapeDataString(word.Substring(equals + 1));
            }
            return facts;
        }

        string Fact(string name)
        {
            string value;
            return facts.TryGetValue(name, out value) ? value : "";
        }

        static int Number(string text)
        {
            int number;
            return int.TryParse(text, out number) ? number : 0;
        }

        /// <summary>Nothing of the application takes the request.</summary>
        public void GiveBack()
        {
            isGivenBack = true;
        }

        /// <summary>To be called when Mono has been given the request: nobody tells the end of an answer that no application has given (app_offline.htm).</summary>
        public void WaitForEnd()
        {
            if (endOfSend == null && isHeadSent && !ended.IsSet) CloseConnection();
            ended.Wait();
        }

        /// <summary>Whether the answer was sent to its end, so that another may follow on the connection.</summary>
        public bool IsWhole
        {
            get {
                return !hasFailed && (length < 0 || isChunked || written == length || !HasBody);
            }
        }

        public override string GetUriPath()
        {
            return path;
        }
        public override string GetQueryString()
        {
            return query;
        }
        public override byte[] GetQueryStringRawBytes()
        {
            return Encoding.ASCII.GetBytes(query);
        }
        public override string GetRawUrl()
        {
            return Fact("raw");
        }
        public override string GetHttpVerbName()
        {
            return head.Method;
        }
        public override string GetHttpVersion()
        {
            return "HTTP/1.1";
        }
        /// <summary>Loopback is somebody else, a client of a VIP or what an operator has put before that, and details of errors are not for him: Mono
        /// would take 127.0.0.1 for the machine itself.</summary>
        public override string GetRemoteAddress()
        {
            var address = Fact("remote");
            return address.StartsWith("127.") && address != Fact("local") ? "::ffff:" + address : address;
        }
        public override string GetRemoteName()
        {
            return GetRemoteAddress();
        }
        public override int GetRemotePort()
        {
            return Number(Fact("remotePort"));
        }
        public override string GetLocalAddress()
        {
            return Fact("local");
        }
        public override int GetLocalPort()
        {
            return Number(Fact("localPort"));
        }
        public override bool IsSecure()
        {
            return Fact("https") == "on";
        }
        public override string GetProtocol()
        {
            return IsSecure() ? "https" : "http";
        }
        public override string GetAppPath()
        {
            return site.VirtualPath;
        }
        public override string GetAppPathTranslated()
        {
            return site.PhysicalPath.TrimEnd('/') + "/";
        }
        public override string GetFilePath()
        {
            return filePath;
        }
        public override string GetPathInfo()
        {
            return pathInfo;
        }
        public override string GetFilePathTranslated()
        {
            return MapPath(GetFilePath());
        }
        public override string MapPath(string virtualPath)
        {
            return site.MapPath(virtualPath);
        }
        public override bool IsClientConnected()
        {
            return connection.IsOpen;
        }
        public override string MachineConfigPath
        {
            get {
                return null;
            }
        }

        public override string GetServerName()
        {
            var host = head["Host"] ?? "";
            var end = host.StartsWith("[") ? host.IndexOf(']') + 1 : host.IndexOf(':');
            return end > 0 ? host.Substring(0, end) : host == "" ? GetLocalAddress() : host;
        }

        public override string GetKnownRequestHeader(int index)
        {
            return GetUnknownRequestHeader(GetKnownRequestHeaderName(index));
        }
        /// <summary>Fields that came several times are one, with a comma; cookies with a semicolon (RFC 9110, 5.3; RFC 6265, 5.4).</summary>
        public override string GetUnknownRequestHeader(string name)
        {
            string all = null;
            foreach (var field in head.Fields)
                if (string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase))
                    all = all == null ? field.Value : all + (name == "Cookie" ? "; " : ", ") + field.Value;
            return all;
        }

        public override string[][] GetUnknownRequestHeaders()
        {
            if (unknownFields != null) return unknownFields;
            var found = new List<string[]>();
            foreach (var field in head.Fields)
                if (GetKnownRequestHeaderIndex(field.Key) < 0 && !string.Equals(field.Key, OwnField, StringComparison.OrdinalIgnoreCase))
                    found.Add(new[] { field.Key, field.Value });
            return unknownFields = found.ToArray();
        }

        public override string GetServerVariable(string name)
        {
            switch (name)
            {
            case "GATEWAY_INTERFACE": return "CGI/1.1"; // It also keeps Mono from framing answers itself.
            case "SERVER_SOFTWARE": return "Microsoft-IIS/8.0";
            case "SERVER_PROTOCOL": return Fact("protocol");
            case "SERVER_NAME": return GetServerName();
            case "SERVER_PORT": return Fact("localPort");
            case "SERVER_PORT_SECURE": return IsSecure() ? "1" : "0";
            case "HTTPS": return IsSecure() ? "on" : "off";
            case "REMOTE_ADDR":
            case "REMOTE_HOST": return Fact("remote");
            case "REMOTE_PORT": return Fact("remotePort");
            case "LOCAL_ADDR": return Fact("local");
            case "INSTANCE_ID": return Fact("site");
            case "INSTANCE_META_PATH": return "/LM/W3SVC/" + Fact("site");
            case "APPL_MD_PATH": return "/LM/W3SVC/" + Fact("site") + "/ROOT" + site.VirtualPath.TrimEnd('/');
            case "APPL_PHYSICAL_PATH": return GetAppPathTranslated();
            case "PATH_INFO": return path;
            case "PATH_TRANSLATED": return GetFilePathTranslated();
            case "SCRIPT_NAME":
            case "URL": return GetFilePath();
            case "QUERY_STRING": return query;
            case "REQUEST_METHOD": return head.Method;
            case "HTTP_URL":
            case "UNENCODED_URL": return Fact("raw");
            case "CONTENT_LENGTH": return head["Content-Length"] ?? "";
            case "CONTENT_TYPE": return head["Content-Type"] ?? "";
            case "AUTH_TYPE":
            case "AUTH_USER":
            case "LOGON_USER":
            case "REMOTE_USER": return "";
            }
            return name.StartsWith("HTTP_") ? GetUnknownRequestHeader(name.Substring(5).Replace('_', '-')) : null;
        }

        public override byte[] GetPreloadedEntityBody()
        {
            return null;
        }
        public override bool IsEntireEntityBodyIsPreloaded()
        {
            return false;
        }
        public override int GetTotalEntityBodyLength()
        {
            return Number(head["Content-Length"]);
        }
        public override int ReadEntityBody(byte[] into, int size)
        {
            return Body.Read(into, 0, size);
        }
        public override int ReadEntityBody(byte[] into, int offset, int size)
        {
            return Body.Read(into, offset, size);
        }

        public override void SendStatus(int statusCode, string statusDescription)
        {
            status = statusCode;
            reason = OneLine(statusDescription);
        }

        public override void SendKnownResponseHeader(int index, string value)
        {
            SendUnknownResponseHeader(GetKnownResponseHeaderName(index), value);
        }

        public override void SendUnknownResponseHeader(string name, string value)
        {
            if (isHeadSent) return;
            // How an answer is framed between here and w3wp is this file's affair.
            if (string.Equals(name, "Connection", StringComparison.OrdinalIgnoreCase)) return;
            if (string.Equals(name, "Transfer-Encoding", StringComparison.OrdinalIgnoreCase)) return;
            if (string.Equals(name, OwnField, StringComparison.OrdinalIgnoreCase)) return;
            // WCF says it twice.
            if (string.Equals(name, "Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                type = OneLine(value);
                return;
            }
            if (string.Equals(name, "Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                if (!long.TryParse(value, out length)) length = -1;
                return;
            }
            answerHead.Append(OneLine(name)).Append(": ").Append(OneLine(value)).Append("\r\n");
        }

        public override void SendCalculatedContentLength(int contentLength)
        {
            length = contentLength;
        }
        public override void SendCalculatedContentLength(long contentLength)
        {
            length = contentLength;
        }
        public override bool HeadersSent()
        {
            return isHeadSent;
        }

        static string OneLine(string text)
        {
            return (text ?? "").Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ');
        }

        bool HasBody
        {
            get {
                return head.Method != "HEAD" && status >= 200 && status != 204 && status != 304;
            }
        }

        public override void SendResponseFromMemory(byte[] data, int size)
        {
            if (!HasBody) return;
            kept.Write(data, 0, size);
            if (kept.Length > MostKeptBytes) FlushKept(false);
        }

        public override void SendResponseFromFile(string filename, long offset, long size)
        {
            using (var file = new FileStream(filename, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
                SendFrom(file, offset, size);
        }

        public override void SendResponseFromFile(IntPtr handle, long offset, long size)
        {
            using (var file = new FileStream(new SafeFileHandle(handle, false), FileAccess.Read)) SendFrom(file, offset, size);
        }

        void SendFrom(Stream file, long offset, long size)
        {
            file.Seek(offset, SeekOrigin.Begin);
            var piece = new byte[32 * 1024];
            while (size > 0)
            {
                var count = file.Read(piece, 0, (int)Math.Min(piece.Length, size));
                if (count == 0) return;
                SendResponseFromMemory(piece, count);
                size -= count;
            }
        }

        public override void FlushResponse(bool finalFlush)
        {
            FlushKept(finalFlush);
        }

        public override void SetEndOfSendNotification(EndOfSendNotification callback, object extraData)
        {
            endOfSend = callback;
            endOfSendData = extraData;
        }

        public override void EndOfRequest()
        {
            if (isOver) return;
            isOver = true;
            if (!ended.IsSet)
            {
                FlushKept(true);
                if (isChunked) Send(Encoding.ASCII.GetBytes("0\r\n\r\n"));
                ended.Set();
            }
            if (endOfSend != null) endOfSend(this, endOfSendData);
        }

        /// <summary>Nobody tells the end of an answer that Mono gives before there is an application, of a start that has failed: it ends here. What
        /// is not whole is cut.</summary>
        public override void CloseConnection()
        {
            var isWhole = isHeadSent && length >= 0 && (written == length || !HasBody);
            if (!isWhole) hasFailed = true;
            ended.Set();
        }

        /// <summary>What is kept, behind the head if that has not gone yet: a small answer is sent at once.</summary>
        void FlushKept(bool isLast)
        {
            if (isHeadSent && kept.Length == 0) return;
            var size = (int)kept.Length;
            var all = new MemoryStream(size + 1024);
            if (!isHeadSent) Write(all, HeadText(isLast));
            if (size > 0 && isChunked) Write(all, size.ToString("x") + "\r\n");
            all.Write(kept.GetBuffer(), 0, size);
            if (size > 0 && isChunked) Write(all, "\r\n");
            written += size;
            kept.SetLength(0);
            Send(all.ToArray());
        }

        string HeadText(bool isLast)
        {
            isHeadSent = true;
            if (HasBody && length < 0)
            {
                if (isLast) length = kept.Length;
                else isChunked = true;
            }
            var framing = isChunked ? "Transfer-Encoding: chunked\r\n" : length >= 0 ? "Content-Length: " + length + "\r\n" : "";
            if (type != null) answerHead.Append("Content-Type: ").Append(type).Append("\r\n");
            return "HTTP/1.1 " + status + " " + reason + "\r\n" + answerHead + framing + OwnField + ": " + OwnWord() + "\r\n\r\n";
        }

        /// <summary>`file`: files are w3wp's. `skip`: `httpErrors` leaves the answer as it is (I-62); the page of an exception is ASP.NET's
        /// own.</summary>
        string OwnWord()
        {
            if (isGivenBack) return "file";
            var context = HttpContext.Current;
            return context != null && (context.Error != null || context.Response.TrySkipIisCustomErrors) ? "skip" : "-";
        }

        static void Write(Stream into, string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            into.Write(bytes, 0, bytes.Length);
        }

        /// <summary>A client that has gone is no fault of the application's.</summary>
        void Send(byte[] bytes)
        {
            if (hasFailed) return;
            try
            {
                connection.Send(bytes, 0, bytes.Length);
            }
            catch (System.Net.Sockets.SocketException)
            {
                hasFailed = true;
            }
            catch (ObjectDisposedException)
            {
                hasFailed = true;
            }
        }
    }
}
