// The builder an AppHost talks to, and the handle it gets for each resource. IResourceBuilder is covariant: a
// builder of a Redis resource is a builder of a resource with a connection string.

using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting
{
    /// <summary>Collects the resources of an application.</summary>
    public interface IDistributedApplicationBuilder
    {
        ConfigurationManager Configuration { get; }

        /// <summary>The folder of the AppHost's project; paths are relative to it.</summary>
        string AppHostDirectory { get; }

        Assembly? AppHostAssembly { get; }

        IHostEnvironment Environment { get; }

        IServiceCollection Services { get; }

        DistributedApplicationExecutionContext ExecutionContext { get; }

        IResourceCollection Resources { get; }

        /// <exception cref="DistributedApplicationException">The name is taken.</exception>
        IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

        /// <summary>A handle for a resource without adding it.</summary>
        IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource;

        DistributedApplication Build();
    }

    /// <summary>Whether the application is run or described for publishing. This runner only runs.</summary>
    public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
    {
        public DistributedApplicationOperation Operation { get; } = operation;

        public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

        public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
    }

    /// <inheritdoc cref="DistributedApplicationExecutionContext"/>
    public enum DistributedApplicationOperation { Run, Publish }

    /// <summary>How the builder is made.</summary>
    public sealed class DistributedApplicationOptions
    {
        public string[]? Args { get; set; }

        public string? AssemblyName { get; set; }

        public string? ProjectDirectory { get; set; }

        /// <summary>True: no resource page, and waiters give up when what they wait for fails.</summary>
        public bool DisableDashboard { get; set; }

        /// <summary>True: the resources' output goes to the AppHost's loggers instead of the console.</summary>
        public bool EnableResourceLogging { get; set; }

        /// <summary>True: fixed ports are replaced by free ones and the data folder is a temporary one (tests).</summary>
        internal bool IsTest { get; set; }

        internal Assembly? EntryAssembly { get; set; }
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A resource with its application's builder, for extension methods to chain on.</summary>
    public interface IResourceBuilder<out T> where T : IResource
    {
        IDistributedApplicationBuilder ApplicationBuilder { get; }

        T Resource { get; }

        IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
            where TAnnotation : IResourceAnnotation;
    }

    internal sealed class ResourceBuilder<T>(IDistributedApplicationBuilder applicationBuilder, T resource) : IResourceBuilder<T> where T : IResource
    {
        public IDistributedApplicationBuilder ApplicationBuilder { get; } = applicationBuilder;

        public T Resource { get; } = resource;

        public IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
            where TAnnotation : IResourceAnnotation
        {
            if (behavior == ResourceAnnotationMutationBehavior.Replace)
            {
                foreach (var old in Resource.Annotations.OfType<TAnnotation>().ToArray())
                    Resource.Annotations.Remove(old);
            }
            Resource.Annotations.Add(annotation);
            return this;
        }
    }
}
