using System;
using System.IO;
using System.Net;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Web;

namespace Reddog.SiteHost
{
    /// <summary>A call of an operation of a service, and its answer, on the thread of the request.</summary>
    sealed class ServiceCall : RequestContext
    {
        /// <summary>What of SOAP's headers is held. Origin: Mono's own channel.</summary>
        const int MostHeaderBytes = 64 * 1024;

        readonly HttpContext context;
        readonly MessageEncoder encoder;
        readonly Message message;

        /// <summary>Reads the call. Throws a CallException where it cannot be read: Mono's own channel ends the process for it.</summary>
        public ServiceCall(HttpContext context, Uri address, MessageEncoder encoder)
        {
            this.context = context;
            this.encoder = encoder;
            message = HasBody ? Read() : Message.CreateMessage(MessageVersion.None, null);
            if (message.Headers.To == null) message.Headers.To = context.Request.Url;
            message.Properties.Add("Via", address);
            message.Properties.Add(HttpRequestMessageProperty.Name, PropertyOf(context.Request));
            message.Properties.Add(RemoteEndpointMessageProperty.Name, RemoteOf(context.Request));
        }

        public override Message RequestMessage => message;

        /// <summary>Whether something has been answered: nothing is for an operation of one way.</summary>
        public bool IsAnswered { get; private set; }

        bool HasBody => context.Request.HttpMethod != "GET" && context.Request.HttpMethod != "HEAD" && context.Request.ContentLength > 0;

        bool HasActionField => encoder.MessageVersion.Envelope == EnvelopeVersion.Soap11 || encoder.MessageVersion.Addressing == AddressingVersion.None;

        Message Read()
        {
            try
            {
                var type = context.Request.ContentType;
                if (!encoder.IsContentTypeSupported(type)) throw new CallException(415, encoder.ContentType + " is expected, not " + type);
                var read = encoder.ReadMessage(context.Request.InputStream, MostHeaderBytes, type);
                var action = context.Request.Headers["SOAPAction"];
                if (action != null && HasActionField) read.Headers.Action = action.Trim('"', '\'');
                return read;
            }
            catch (Exception fault) when (!(fault is CallException || fault is HttpException))
            {
                throw new CallException(400, fault.Message);
            }
        }

        static HttpRequestMessageProperty PropertyOf(HttpRequest request)
        {
            var property = new HttpRequestMessageProperty { Method = request.HttpMethod, QueryString = request.Url.Query.TrimStart('?') };
            property.Headers.Add(request.Headers);
            return property;
        }

        static RemoteEndpointMessageProperty RemoteOf(HttpRequest request)
        {
            int port;
            int.TryParse(request.ServerVariables["REMOTE_PORT"], out port);
            return new RemoteEndpointMessageProperty(request.UserHostAddress, port);
        }

        public override void Reply(Message answer)
        {
            var written = new MemoryStream();
            encoder.WriteMessage(answer, written);
            var response = context.Response;
            response.ContentType = encoder.ContentType;
            if (answer.IsFault) response.StatusCode = 500;
            object property;
            answer.Properties.TryGetValue(HttpResponseMessageProperty.Name, out property);
            var said = property as HttpResponseMessageProperty;
            if (said != null) Say(response, said);
            IsAnswered = true;
            if (written.Length > 0 && (said == null || !said.SuppressEntityBody)) response.BinaryWrite(written.ToArray());
        }

        /// <summary>The answer of an operation of one way.</summary>
        public void Accept()
        {
            context.Response.StatusCode = 202;
        }

        static void Say(HttpResponse response, HttpResponseMessageProperty said)
        {
            if (said.StatusCode != default(HttpStatusCode)) response.StatusCode = (int)said.StatusCode;
            if (said.StatusDescription != null) response.StatusDescription = said.StatusDescription;
            foreach (string name in said.Headers)
                if (string.Equals(name, "Content-Type", StringComparison.OrdinalIgnoreCase)) response.ContentType = said.Headers[name];
                else foreach (var value in said.Headers.GetValues(name)) response.AppendHeader(name, value);
        }

        public override void Reply(Message answer, TimeSpan limit)
        {
            Reply(answer);
        }

        public override IAsyncResult BeginReply(Message answer, AsyncCallback callback, object state)
        {
            return new Action<Message>(Reply).BeginInvoke(answer, callback, state);
        }

        public override IAsyncResult BeginReply(Message answer, TimeSpan limit, AsyncCallback callback, object state)
        {
            return BeginReply(answer, callback, state);
        }

        public override void EndReply(IAsyncResult result)
        {
            ((Action<Message>)((System.Runtime.Remoting.Messaging.AsyncResult)result).AsyncDelegate).EndInvoke(result);
        }

        public override void Abort()
        {
        }

        public override void Close()
        {
        }

        public override void Close(TimeSpan limit)
        {
        }
    }

    /// <summary>A call that no operation is asked.</summary>
    sealed class CallException : Exception
    {
        public readonly int Status;

        public CallException(int status, string message) : base(message)
        {
            Status = status;
        }
    }
}
