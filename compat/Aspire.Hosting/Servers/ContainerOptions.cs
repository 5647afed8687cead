// Options that only mean something to containers. They are taken so that the same AppHost.cs compiles and runs with the
// official packages; here they do nothing, and the log says so once.

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>Whether a container outlives the AppHost. Here nothing does.</summary>
    public enum ContainerLifetime { Session, Persistent }
}

namespace Aspire.Hosting
{
    /// <summary>Container options.</summary>
    public static class ContainerResourceBuilderExtensions
    {
        /// <summary>A container. It needs the official packages: here the resource fails to start and says so.</summary>
        public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image) =>
            builder.AddResource(new ContainerResource(name)).WithAnnotation(new NotDoneHereAnnotation($"container image {image}"));

        public static IResourceBuilder<T> WithImage<T>(this IResourceBuilder<T> builder, string image, string? tag = null) where T : ContainerResource =>
            builder.WithAnnotation(new NotDoneHereAnnotation(tag is null ? $"image {image}" : $"image {image}:{tag}"));

        public static IResourceBuilder<T> WithImageTag<T>(this IResourceBuilder<T> builder, string tag) where T : ContainerResource =>
            builder.WithAnnotation(new NotDoneHereAnnotation($"image tag {tag}"));

        public static IResourceBuilder<T> WithLifetime<T>(this IResourceBuilder<T> builder, ContainerLifetime lifetime) where T : ContainerResource =>
            lifetime == ContainerLifetime.Session ? builder : builder.WithAnnotation(new NotDoneHereAnnotation("a persistent container"));
    }
}
