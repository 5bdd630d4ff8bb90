"""What our tables and forms ask of any database: prepared queries, guards, columns with a shape. Holds no models."""
